import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as pulumi from '@pulumi/pulumi';
import { beforeAll, describe, expect, it } from 'vitest';
import { callsOf } from '../openwhisk-resources/serialized-calls';

const load = createRequire(__filename);
const KUBECONFIG = 'kubeconfig-0123456789';
const KEY = '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:key-0123456789';

describe('a program', () => {
  const registered = new Map<string, { inputs: Record<string, unknown>; type: string }>();
  const secrets: Record<string, boolean> = {};
  let apihost: string | undefined;

  beforeAll(async () => {
    const sdk = load('@pulumi/pulumi') as typeof pulumi;
    const waits = load('@pdfmagic/cluster-waits') as typeof import('@pdfmagic/cluster-waits');
    await sdk.runtime.setMocks({
      call: () => ({}),
      newResource: ({ name, type, inputs }) => {
        registered.set(name, { inputs, type });
        return { id: name, state: inputs };
      },
    });
    const cluster = { kubeconfig: KUBECONFIG, namespace: 'openwhisk', timeout: 20 };
    const release = 'openwhisk';
    const made = [
      new waits.ReleaseWatch('ReleaseWatch', { ...cluster, release, values: 'digest' }),
      new waits.VolumesGone('VolumesGone', cluster),
      new waits.ImageDigests('ImageDigests', { images: { db: 'apache/couchdb:2.3' } }),
      new waits.InstalledKeys('InstalledKeys', { system: KEY, guest: sdk.output(KEY), couchdb: 'password' }),
    ];
    const host = { apihost: 'https://192.0.2.1', auth: KEY, caCertificate: 'PEM' };
    const ready = new waits.OpenWhiskReady('OpenWhiskReady', { ...cluster, ...host, release });
    apihost = await new Promise((resolve) => {
      ready.apihost.apply(resolve);
    });
    await Promise.all(made.map(({ urn }) => new Promise((resolve) => urn.apply(resolve))));
    secrets.key = await sdk.isSecret(ready.apihost);
    await sdk.runtime.disconnect();
  });

  it.each([
    ['ReleaseWatch', 'releaseWatch', ['check', 'create', 'update']],
    ['OpenWhiskReady', 'openwhiskReady', ['check', 'create', 'update']],
    ['VolumesGone', 'volumesGone', ['check', 'create', 'delete', 'update']],
    ['InstalledKeys', 'installedKeys', ['check', 'create', 'update']],
    ['ImageDigests', 'imageDigests', ['check', 'create', 'update']],
  ])('serializes %s to calls of the package alone', (name, provider, methods) => {
    const { inputs, type } = registered.get(name) ?? { inputs: {}, type: '' };
    expect(type).toBe(`pulumi-nodejs:dynamic/cluster-waits:${name}`);
    const text = String(inputs.__provider);
    expect(callsOf(text)).toEqual(methods.map((method) => `@pdfmagic/cluster-waits/providers ${provider} ${method}`));
    expect(text).not.toMatch(/KubeConfig|createHash|0123456789/);
    expect(text.length).toBeLessThan(4000);
  });

  it('has the API host when OpenWhisk answers, and it is no secret', () => {
    expect(apihost).toBe('https://192.0.2.1');
    expect(secrets.key).toBe(false);
  });

  it.each([
    ['ReleaseWatch', ['kubeconfig', 'values']],
    ['OpenWhiskReady', ['kubeconfig', 'auth']],
    ['VolumesGone', ['kubeconfig']],
    ['InstalledKeys', ['system', 'guest', 'couchdb']],
  ])('gives %s its secrets as secrets', (name, properties) => {
    const { inputs = {} } = registered.get(name) ?? {};
    for (const property of properties) expect(inputs[property]).toEqual(secretOf(inputs[property]));
  });

  it('keeps of installed keys the digests alone', () => {
    const { inputs = {} } = registered.get('InstalledKeys') ?? {};
    const digest = createHash('sha256').update(KEY).digest('hex');
    expect(JSON.stringify(inputs)).toContain(digest);
    expect(JSON.stringify(inputs)).not.toContain('0123456789');
  });
});

/** What the wire holds of a secret: `specialSecretSig` in pulumi/sdk/nodejs/runtime/rpc.ts. */
function secretOf(value: unknown): unknown {
  const inner = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
  return { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', value: inner };
}
