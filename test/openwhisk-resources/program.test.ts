/** What a program hands to the Pulumi engine, seen through Pulumi's own mocks; uses the built package, as a program does. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as pulumi from '@pulumi/pulumi';
import { beforeAll, describe, expect, it } from 'vitest';
import { callsOf } from './serialized-calls';

const load = createRequire(__filename);
const SECRET = 'a-secret-value-4711';
const PROVIDERS = '@pdfmagic/openwhisk/providers';
const names = { Package: 'packages', Action: 'actions', Api: 'apis', Trigger: 'triggers', Rule: 'rules' } as const;
const KINDS = Object.keys(names) as (keyof typeof names)[];

interface Registered {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}
const registered = new Map<string, Registered>();

beforeAll(async () => {
  const sdk = load('@pulumi/pulumi') as typeof pulumi; // the one that the built package uses
  const { Action, Api, Package, Rule, Trigger } = load('@pdfmagic/openwhisk') as typeof import('@pdfmagic/openwhisk');
  await sdk.runtime.setMocks({
    call: () => ({}),
    newResource: ({ name, type, inputs }) => {
      registered.set(name, { type, inputs });
      return { id: name, state: { ...inputs, namespace: 'guest' } };
    },
  });
  const auth = sdk.secret(`uuid:${SECRET}`);
  const connection = { apihost: 'https://host', auth, namespace: 'guest' };
  const pkg = new Package('Package', { connection, name: 'tools' });
  const action = new Action('Action', {
    connection: { ...connection, namespace: '_' },
    package: pkg.name,
    kind: 'nodejs:20',
    codeFile: path.resolve('package.json'),
    parameters: { plain: 1, key: sdk.secret(SECRET) },
    web: 'on',
    webSecret: SECRET,
  });
  const trigger = new Trigger('Trigger', { connection, feed: 'f', feedParameters: { key: sdk.secret(SECRET) } });
  new Rule('Rule', { connection, trigger: trigger.fullyQualifiedName, action: action.fullyQualifiedName });
  const { fullyQualifiedName } = action;
  new Api('Api', {
    connection,
    basePath: '/b',
    path: '/p',
    verb: 'get',
    action: fullyQualifiedName,
    secureKey: SECRET,
  });
  await sdk.runtime.disconnect();
});

const inputsOf = (name: string) => registered.get(name)?.inputs ?? {};

describe.each(KINDS)('%s', (kind) => {
  it('has a type of its own', () => {
    expect(registered.get(kind)?.type).toBe(`pulumi-nodejs:dynamic/openwhisk:${kind}`);
  });

  it('serializes to calls of the package, with none of its source and nothing captured', () => {
    const text = String(inputsOf(kind).__provider);
    const methods = ['check', 'create', 'delete', 'diff', 'read', 'update'];
    expect(callsOf(text)).toEqual(methods.map((method) => `${PROVIDERS} ${names[kind]} ${method}`));
    expect(text).not.toMatch(/withRetries|openwhisk\.|zod|process|secret|uuid/);
    expect(text.length).toBeLessThan(4000);
  });

  it('serializes to a provider that works', async () => {
    const module = { exports: {} as { handler: () => pulumi.dynamic.ResourceProvider } };
    new Function('exports', 'require', String(inputsOf(kind).__provider))(module.exports, load);
    const result = await module.exports.handler().check?.({}, {});
    expect(result?.failures?.map(({ reason }) => reason)).toContain('connection: is missing');
  });

  it('has a secret connection', () => {
    expect(isSecret(inputsOf(kind).connection)).toBe(true);
  });

  it('hands over no secret that is not marked', () => {
    expect(JSON.stringify(withoutSecrets(inputsOf(kind)))).not.toContain(SECRET);
  });
});

describe('a program', () => {
  it('gives code by path and digest', () => {
    expect(inputsOf('Action').code).toEqual({ file: 'package.json', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('refers to entities by names that it knows before anything runs', () => {
    expect(inputsOf('Rule')).toMatchObject({ trigger: '/guest/Trigger', action: '/_/tools/Action' });
    expect(isSecret(inputsOf('Rule').trigger)).toBe(false);
  });
});

/** How the SDK marks a secret on its way to the engine (`specialSigKey` in pulumi/sdk/nodejs/runtime/rpc.ts). */
function isSecret(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '4dabf18193072939515e22adb298388d' in value;
}

function withoutSecrets(value: unknown): unknown {
  if (isSecret(value)) return '[secret]';
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}
