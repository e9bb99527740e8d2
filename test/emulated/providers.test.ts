import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Storage as Client } from '@google-cloud/storage';
import type * as pulumi from '@pulumi/pulumi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../infra/emulated/src/bucket/bucket-client';
import type { BucketInputs } from '../../infra/emulated/src/bucket/bucket-inputs';
import type { KeyOutputs } from '../../infra/emulated/src/key/key-inputs';
import { buckets, serviceAccountKeys as keys } from '../../infra/emulated/src/providers';
import { type Storage, startStorage } from '../../platform/storage/start-storage';
import { ProviderLoader } from '../../runner/engine/dynamic-provider';
import { keepEnvironment } from '../environment';
import { callsOf } from '../openwhisk-resources/serialized-calls';

const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
let storage: Storage;
let client: Client;
let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'emulated-storage-'));
  storage = await startStorage({ dataDir: folder, port: 0 });
  client = new Client({ apiEndpoint: storage.endpoint, projectId: 'test' });
});
afterAll(async () => {
  await storage?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function createBucket(more: Partial<BucketInputs> = {}) {
  const given: BucketInputs = { endpoint: storage.endpoint, name: `bucket-${++count}`, ...more };
  const { id, outs } = await buckets.create(given);
  return { given, id, outs: outs as BucketInputs };
}

describe('a bucket', () => {
  it('is created, found unchanged and deleted', async () => {
    const { given, id, outs } = await createBucket({ labels: { student: 'demo' } });
    expect(outs).toEqual(given);
    expect(await buckets.read(id, outs)).toEqual({ id, props: outs, inputs: given });
    expect(await buckets.diff(id, outs, given)).toEqual({ changes: false, replaces: [] });
    await buckets.delete(id, outs);
    expect((await client.bucket(given.name).exists())[0]).toBe(false);
    expect(await buckets.read(id, outs)).toEqual({ id: '' });
    await buckets.delete(id, outs);
  });

  it('is not taken from somebody else, unless adopted', async () => {
    const name = `bucket-${++count}`;
    await client.createBucket(name);
    await expect(createBucket({ name })).rejects.toThrow(
      /was not created by this resource, so it is unchanged.*\n.*adopt: true/,
    );
    expect((await createBucket({ name, adopt: true })).id).toBe(name);
  });

  it('is told of at length once where no emulator is, and without a stack', async () => {
    // By its words: the client tries a refused connection again for half a minute.
    const bucket = { endpoint: 'http://127.0.0.1:1', name: 'bucket' };
    const refused = new Error('request failed, reason: connect ECONNREFUSED 127.0.0.1:1');
    const [first, second] = [explain(refused, 'read', bucket), explain(refused, 'read', bucket)];
    expect(first.message).toMatch(/ECONNREFUSED 127\.0\.0\.1:1\nIs the storage emulator running at/);
    expect(second.message).toBe('Could not read bucket "bucket" either: nothing answers at http://127.0.0.1:1.');
    expect(`${first}: ${first.stack}`).toBe('read bucket "bucket": failed');
  });

  it('with something in it is only deleted when that was allowed', async () => {
    const kept = await createBucket();
    await client.bucket(kept.given.name).file('a').save('x');
    await expect(buckets.delete(kept.id, kept.outs)).rejects.toThrow(/holds 1 file, so.*\n.*forceDestroy: true/);
    expect((await client.bucket(kept.given.name).file('a').exists())[0]).toBe(true);

    const emptied = await createBucket({ forceDestroy: true });
    const names = ['a/b c', 'quo\'te"s', 'ümläut', '-dash', 'a/b/c/d'];
    for (const name of names) await client.bucket(emptied.given.name).file(name).save('x');
    await buckets.delete(emptied.id, emptied.outs);
    expect((await client.bucket(emptied.given.name).exists())[0]).toBe(false);
  });

  it('that a killed run of the same resource has made is taken up, with what is in it; that of another is not', async () => {
    const { given } = await createBucket({ mark: 'mine' });
    await client.bucket(given.name).file('a').save('x');
    expect((await buckets.create(given)).id).toBe(given.name);
    expect((await client.bucket(given.name).file('a').exists())[0]).toBe(true);
    for (const mark of ['theirs', undefined]) {
      const { mark: _, ...others } = given;
      await expect(buckets.create({ ...others, ...(mark && { mark }) })).rejects.toThrow('was not created by this');
    }
  });

  it('with files in it is not lost to another name, unless that is allowed', async () => {
    const { given, id, outs } = await createBucket({ forceDestroy: true });
    const news = { ...given, name: `${given.name}-renamed` };
    expect(await buckets.diff(id, outs, news)).toMatchObject({ replaces: ['name'] });
    for (const name of ['a', 'b']) await client.bucket(given.name).file(name).save('x');
    await expect(buckets.diff(id, outs, news)).rejects.toThrow(
      /holds 2 files, which would be deleted.*\n.*forceReplace/,
    );
    expect(await buckets.diff(id, outs, { ...news, forceReplace: true })).toMatchObject({ replaces: ['name'] });
  });

  it('that is gone without the state knowing is to be made again', async () => {
    const { given, id, outs } = await createBucket();
    await buckets.delete(id, outs);
    expect(await buckets.diff(id, outs, given)).toEqual({ changes: true, replaces: [] });
  });

  it('that vanished is made again', async () => {
    const { given, id, outs } = await createBucket();
    await client.bucket(given.name).delete();
    await buckets.update(id, outs, given);
    expect((await client.bucket(given.name).exists())[0]).toBe(true);
  });

  it('is found in spite of an emulator or a proxy that the environment names', async () => {
    const restore = keepEnvironment();
    process.env.STORAGE_EMULATOR_HOST = 'http://127.0.0.1:9';
    process.env.HTTP_PROXY = 'http://127.0.0.1:9';
    try {
      await createBucket();
      expect(process.env.STORAGE_EMULATOR_HOST).toBe('http://127.0.0.1:9');
    } finally {
      restore();
    }
  });

  it.each<[object, boolean, string[]]>([
    [{ name: 'other-name' }, true, ['name']],
    [{ name: UNKNOWN }, true, ['name']],
    [{ endpoint: 'http://127.0.0.1:1' }, true, []],
    [{ labels: { a: 'b' } }, true, []],
    [{ forceDestroy: true }, true, []],
    [{ adopt: true }, false, []],
    [{ __provider: 'other' }, false, []],
  ])('changed by %j', async (change, changes, replaces) => {
    const olds = { endpoint: 'http://127.0.0.1:2', name: 'a-bucket' };
    expect(await buckets.diff('', olds, { ...olds, ...change })).toEqual({ changes, replaces });
  });

  it.each<[object, string[]]>([
    [{}, []],
    [{ name: UNKNOWN, endpoint: UNKNOWN, labels: { a: UNKNOWN } }, []],
    [{ name: 'UPPER' }, ['name']],
    [{ name: 'ab' }, ['name']],
    [
      { name: undefined, endpoint: 'localhost:1', labels: ['a'], forceDestroy: 'yes', x: 1 },
      ['x', 'endpoint', 'name', 'labels', 'forceDestroy'],
    ],
    [{ labels: { Big: 'b' } }, ['labels']],
  ])('checked: %j', async (change, expected) => {
    const inputs = { endpoint: 'http://127.0.0.1:2', name: 'a-bucket', __provider: 'x', ...change } as BucketInputs;
    const { failures = [] } = await buckets.check(inputs, inputs);
    expect(failures.map(({ reason }) => reason.split(':')[0])).toEqual(expected);
  });
});

it('a bucket that is in the state of version 0.1 is deleted: its provider loads @pdfmagic/emulated-storage', async () => {
  const { given, id, outs } = await createBucket();
  const text =
    "exports.handler = () => ({ delete: (id, olds) => require('@pdfmagic/emulated-storage/providers').buckets.delete(id, olds) });";
  const loader = new ProviderLoader(path.resolve(__dirname, '../..'), 'pdfmagic', {});
  await (await loader.load(text)).delete?.(id, { ...outs });
  expect((await client.bucket(given.name).exists())[0]).toBe(false);
});

describe('a service-account key', () => {
  const inputs = { accountId: 'demo-convert', project: 'pdfmagic', tokenUri: 'http://127.0.0.1:2/token' };

  it('is a key file as Google writes it, with a key that signs', async () => {
    const { id, outs } = await keys.create(inputs);
    const file = JSON.parse((outs as KeyOutputs).privateKeyJson);
    expect(file).toMatchObject({
      type: 'service_account',
      project_id: 'pdfmagic',
      private_key_id: id,
      client_email: 'demo-convert@pdfmagic.iam.gserviceaccount.com',
      client_id: expect.stringMatching(/^\d{21}$/),
      token_uri: inputs.tokenUri,
    });
    const key = createPrivateKey(file.private_key);
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
    const data = Buffer.from('assertion');
    expect(verify('RSA-SHA256', data, createPublicKey(file.private_key), sign('RSA-SHA256', data, key))).toBe(true);
  });

  it('stays the same when the emulator moves', async () => {
    const { id, outs } = await keys.create(inputs);
    const moved = { ...inputs, tokenUri: 'http://127.0.0.1:3/token' };
    expect(await keys.diff(id, outs as KeyOutputs, moved)).toEqual({ changes: true, replaces: [] });
    const { outs: after } = await keys.update(id, outs as KeyOutputs, moved);
    const [before, now] = [outs, after].map((state) => JSON.parse((state as KeyOutputs).privateKeyJson));
    expect(now.private_key).toBe(before.private_key);
    expect(now.token_uri).toBe(moved.tokenUri);
    expect(await keys.diff(id, after as KeyOutputs, moved)).toEqual({ changes: false, replaces: [] });
  });

  it.each<[object, string[]]>([
    [{ accountId: 'other' }, ['accountId']],
    [{ project: 'other' }, ['project']],
  ])('is replaced when %j changes', async (change, replaces) => {
    const olds = { ...inputs, email: '', privateKeyJson: '{}' };
    expect(await keys.diff('', olds, { ...inputs, ...change })).toEqual({ changes: true, replaces });
  });

  it('names every bad input', async () => {
    const bad = { accountId: 'A b', project: '', tokenUri: 'ftp://x', y: 1 } as never;
    const { failures = [] } = await keys.check(bad, bad);
    expect(failures.map(({ reason }) => reason.split(':')[0])).toEqual(['y', 'accountId', 'project', 'tokenUri']);
  });
});

describe('a program', () => {
  const load = createRequire(__filename);
  const registered = new Map<string, { inputs: Record<string, unknown>; type: string }>();
  let secret: boolean | undefined;

  beforeAll(async () => {
    const sdk = load('@pulumi/pulumi') as typeof pulumi;
    const { Bucket, ServiceAccountKey } = load('@pdfmagic/emulated') as typeof import('@pdfmagic/emulated');
    await sdk.runtime.setMocks({
      call: () => ({}),
      newResource: ({ name, type, inputs }) => {
        registered.set(name, { inputs, type });
        return { id: name, state: { ...inputs, privateKeyJson: 'key' } };
      },
    });
    new Bucket('Bucket', { endpoint: 'http://127.0.0.1:2' });
    const tokenUri = 'http://127.0.0.1:2/token';
    const key = new ServiceAccountKey('ServiceAccountKey', { accountId: 'a', project: 'p', tokenUri });
    secret = await sdk.isSecret(key.privateKeyJson);
    await sdk.runtime.disconnect();
  });

  it.each([
    ['Bucket', 'buckets', ['check', 'create', 'delete', 'diff', 'read', 'update']],
    ['ServiceAccountKey', 'serviceAccountKeys', ['check', 'create', 'diff', 'update']],
  ])('serializes %s to calls of the package alone', (name, provider, methods) => {
    const { inputs, type } = registered.get(name) ?? { inputs: {}, type: '' };
    expect(type).toBe(`pulumi-nodejs:dynamic/emulated-storage:${name}`);
    const text = String(inputs.__provider);
    expect(callsOf(text)).toEqual(methods.map((method) => `@pdfmagic/emulated/providers ${provider} ${method}`));
    expect(text).not.toMatch(/Storage\(|generateKeyPair/);
    expect(text.length).toBeLessThan(4000);
  });

  it('has the key as a secret', () => {
    expect(secret).toBe(true);
  });
});
