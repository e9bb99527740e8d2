/** A platform whose data folder was deleted has a new store with a new key: what was deployed is gone, and may be forgotten. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareConnections } from '../../infra/openwhisk/src/connection/connection';
import { actions, apis, packages, rules, triggers } from '../../infra/openwhisk/src/providers';
import { TestPlatform } from './platform';

const platform = new TestPlatform();
beforeAll(() => platform.start());
afterAll(() => platform.stop());

/** The key of an earlier store of the same folder: its UUID begins like the present one's. */
const earlier = () => `${platform.uuid.slice(0, 8)}${randomUUID().slice(8)}:${'k'.repeat(64)}`;
const elsewhere = () => `${randomUUID()}:${'k'.repeat(64)}`;
const wrong = () => `${platform.uuid}:${'k'.repeat(64)}`;

const STATE = {
  packages: [packages, { name: 'tools' }],
  actions: [actions, { name: 'act', package: 'tools', kind: 'nodejs:20', code: { sha256: 'x' } }],
  triggers: [triggers, { name: 'files', feed: '/_/tools/feed' }],
  rules: [rules, { name: 'rule', trigger: 'files', action: 'act' }],
  apis: [apis, { basePath: '/a', path: '/b', verb: 'get', action: 'act' }],
} as const;

interface Provider {
  read(id: string, olds: object): Promise<{ id?: string }>;
  delete(id: string, olds: object): Promise<void>;
}

describe.each(Object.keys(STATE) as (keyof typeof STATE)[])('of the %s', (kind) => {
  const provider = STATE[kind][0] as unknown as Provider;
  const state = (auth: string) => ({
    connection: { ...platform.connection, auth },
    ...STATE[kind][1],
    ...{ namespace: 'guest', version: '0.0.1' },
  });

  it('a refresh finds all gone, and a delete is content', async () => {
    expect(await provider.read('id', state(earlier()))).toEqual({ id: '' });
    await provider.delete('id', state(earlier()));
  });

  it('a wrong key of the same store, or a store of another folder, stays an error', async () => {
    for (const auth of [wrong(), elsewhere()]) {
      await expect(provider.read('id', state(auth))).rejects.toThrow('OpenWhisk does not know this key');
      await expect(provider.delete('id', state(auth))).rejects.toThrow('OpenWhisk does not know this key');
    }
  });
});

it('the connection to a new store in the same folder updates, wherever it listens now', () => {
  const old = { apihost: 'http://127.0.0.1:3233', auth: earlier() };
  const next = { apihost: 'http://127.0.0.1:4000', auth: earlier() };
  expect(compareConnections({ ...old, auth: earlier() }, next)).toBe('update');
  expect(compareConnections({ ...old, auth: elsewhere() }, next)).toBe('replace');
});
