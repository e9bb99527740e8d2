import * as pulumi from '@pulumi/pulumi';
import { describe, expect, test } from 'vitest';
import { type OpenWhiskOutputs, WRITTEN } from '../../contract/outputs';
import { isRequestWay, mapWays, waysOn } from '../../contract/ways';
import { parseConfig } from '../../infra/config';
import { describeOpenWhisk as describeStack } from '../../infra/service/outputs';
import { openPlatform } from '../../infra/targets/targets';

const AUTH = '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:s3cret-of-a-key';
const KEY = JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: 's3cret-PEM' });

const REQUESTS = waysOn('openwhisk').filter(isRequestWay);

const CONFIG = {
  student: 'ada',
  target: 'existing',
  apihost: 'https://ow.example.org',
  namespace: 'lab',
  auth: AUTH,
  caCertificate: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----',
  image: 'example/action-python-v3.11:imagemagick-pdf',
  python: 'python3',
  inBucket: 'ada-in',
  outBucket: 'ada-out',
  serviceAccountKey: KEY,
};

/** The outputs of a stack on an existing OpenWhisk, as `pulumi stack output` would show them. */
async function outputsOf(values: Record<string, string>): Promise<OpenWhiskOutputs> {
  const config = parseConfig(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`pdfmagic:${key}`, value])),
    'pdfmagic',
    'dev',
  );
  const platform = await openPlatform(config);
  const pdfmagic = {
    urls: mapWays(REQUESTS, () => pulumi.output('https://ow.example.org/api/u/convert/pdf')),
    page: pulumi.output('https://ow.example.org/api/u/convert/'),
    trigger: pulumi.output('new-file'),
  };
  const outputs = pulumi.output(describeStack(config, platform, pdfmagic));
  return new Promise((resolve) => outputs.apply((shown) => resolve(WRITTEN.openwhisk.parse(shown))));
}

describe('the outputs of a stack on an existing OpenWhisk', () => {
  test('name its host, namespace and buckets', async () => {
    const { endpoints, namespace, buckets, storage, page } = await outputsOf(CONFIG);
    expect(page).toBe('https://ow.example.org/api/u/convert/');
    expect(endpoints.v0).toBe(
      'https://ow.example.org/api/v1/namespaces/lab/actions/pdfmagic/v0?blocking=true&result=true',
    );
    expect(endpoints.v2).toBe('https://ow.example.org/api/u/convert/pdf');
    expect({ namespace, buckets, storage }).toEqual({
      namespace: 'lab',
      buckets: { in: 'ada-in', out: 'ada-out' },
      storage: 'https://storage.googleapis.com',
    });
  });

  test('have commands for its namespace, its certificate and the real storage', async () => {
    const { commands } = await outputsOf(CONFIG);
    expect(commands.setup).toContain('pulumi config get caCertificate > "$PDFMAGIC_SHELL/ca.pem"');
    expect(commands.setup).toContain('*" https://ow.example.org/"*');
    expect(commands.setup).not.toMatch(/export|--namespace/);
    expect(commands.v0.curl).toContain('/namespaces/lab/actions/pdfmagic/v0');
    expect(commands.v2.curl).toContain('gcloud storage cp photo.jpg "gs://ada-in/$NAME.jpg"');
    expect(commands.v3.wsk).toContain('wsk trigger fire new-file');
  });

  test('say that no event fires its trigger, so that both commands for v3 do', async () => {
    const { events, commands } = await outputsOf(CONFIG);
    expect(events).toEqual({ source: 'none' });
    expect(commands.v3.curl).toContain('/namespaces/lab/triggers/new-file');
  });

  test('ask for no certificate where the public ones do', async () => {
    const { caCertificate: _, ...values } = CONFIG;
    expect((await outputsOf(values)).commands.setup).not.toContain('ca.pem');
  });

  test('hold no secret', async () => {
    expect(JSON.stringify(await outputsOf(CONFIG))).not.toContain('s3cret');
  });
});
