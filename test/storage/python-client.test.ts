import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { chooseDefaultPython, PROJECT_ROOT, packagePythonAction } from '../../infra/packaging';
import { BUILD_DIR } from '../../infra/packaging/actions';
import { openCuttingProxy } from './cutting-proxy';
import { openEmulator } from './emulator';

/** Where the libraries of the actions are that are packaged now. */
function libraries(): string[] {
  const folder = path.join(BUILD_DIR, 'libraries');
  return readdirSync(folder).flatMap((key) => {
    const lib = path.join(folder, key, 'lib');
    const pythons = existsSync(lib) ? readdirSync(lib) : [];
    return pythons.map((python) => path.join(lib, python, 'site-packages'));
  });
}

let lab: Awaited<ReturnType<typeof openEmulator>>;
const children: ChildProcess[] = [];

/** Google's Python client, as the actions have it, on a URL. */
function pythonOn(url: string) {
  const child = spawn(chooseDefaultPython(), ['-B', path.join(__dirname, 'fixtures', 'client.py'), url], {
    env: { PYTHONPATH: [...libraries(), path.join(PROJECT_ROOT, 'actions')].join(path.delimiter) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (step: JsonObject): Promise<JsonObject> => {
    child.stdin.write(`${JSON.stringify(step)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error('the client has ended');
    return JSON.parse(value) as JsonObject;
  };
}

let python: ReturnType<typeof pythonOn>;
beforeAll(async () => {
  await packagePythonAction('v2');
  lab = await openEmulator();
  await lab.client().createBucket('python');
  python = pythonOn(lab.endpoint);
}, 180_000);
afterAll(async () => {
  for (const child of children) child.kill();
  await lab?.close();
});

it.each([
  ['in one request', {}],
  ['resumable, as above 8 MiB', { times: 1_000_000 }],
  ['resumable, in pieces', { chunk: 262_144, times: 100_000 }],
])("minds the client's preconditions of an upload %s", async (way, more) => {
  const upload = { do: 'upload', name: way, content: 'some bytes', ...more };
  const first = await python({ ...upload, conditions: { if_generation_match: 0 } });
  expect(first).toMatchObject({ type: 'image/jpeg', metageneration: 1 });
  expect(await python({ ...upload, content: 'other', conditions: { if_generation_match: 0 } })).toMatchObject({
    code: 412,
  });
  expect(await python({ ...upload, content: 'other', conditions: { if_generation_match: 17 } })).toMatchObject({
    code: 412,
  });
  expect(await python({ do: 'read', name: way })).toMatchObject({ content: expect.stringMatching(/^some bytes/) });
  const second = await python({ ...upload, conditions: { if_generation_match: Number(first.generation) } });
  expect(Number(second.generation)).toBeGreaterThan(Number(first.generation));
  expect(await python({ do: 'read', name: way, at: Number(first.generation) })).toMatchObject({ code: 404 });
});

it('minds those of reading, changing, copying, joining and deleting', async () => {
  const { generation } = await python({ do: 'upload', name: 'a', content: 'a' });
  const good = { if_generation_match: Number(generation) };
  const wrong = { if_generation_match: 17 };
  expect(await python({ do: 'read', name: 'a', conditions: wrong })).toMatchObject({ code: 412 });
  expect(await python({ do: 'read', name: 'a', conditions: good })).toEqual({ content: 'a' });
  const metadata = { k: 'ü' };
  expect(await python({ do: 'patch', name: 'a', metadata, conditions: { if_metageneration_match: 9 } })).toMatchObject({
    code: 412,
  });
  expect(await python({ do: 'patch', name: 'a', metadata, conditions: good })).toMatchObject({
    generation,
    metageneration: 2,
    metadata,
  });
  expect(
    await python({ do: 'copy', name: 'a', to: 'b', conditions: { if_source_generation_match: 17 } }),
  ).toMatchObject({ code: 412 });
  expect(await python({ do: 'copy', name: 'a', to: 'b', conditions: { if_generation_match: 0 } })).toMatchObject({
    metadata,
  });
  expect(await python({ do: 'copy', name: 'a', to: 'b', conditions: { if_generation_match: 0 } })).toMatchObject({
    code: 412,
  });
  expect(
    await python({ do: 'compose', name: 'c', of: ['a', 'b'], conditions: { if_generation_match: 0 } }),
  ).toMatchObject({ size: 2 });
  expect(await python({ do: 'compose', name: 'c', of: ['a'], conditions: { if_generation_match: 0 } })).toMatchObject({
    code: 412,
  });
  expect(await python({ do: 'delete', name: 'a', conditions: wrong })).toMatchObject({ code: 412 });
  expect(await python({ do: 'delete', name: 'a', conditions: good })).toEqual({});
  expect(await python({ do: 'list', name: '-', glob: '?' })).toEqual({ names: ['b', 'c'] });
});

it('refuses a wrong checksum, and keeps metadata of 8 KiB', async () => {
  expect(await python({ do: 'wrong md5', name: 'wrong' })).toMatchObject({ code: 400 });
  expect(await python({ do: 'read', name: 'wrong' })).toMatchObject({ code: 404 });
  const metadata = { k: '<'.repeat(8191) };
  expect(await python({ do: 'upload', name: 'large', content: 'x', metadata })).toMatchObject({ metadata });
  expect(await python({ do: 'upload', name: 'larger', content: 'x', metadata: { kk: metadata.k } })).toMatchObject({
    code: 400,
  });
});

it('lets the client resume an upload over a connection that breaks', async () => {
  const proxy = await openCuttingProxy(lab.endpoint, 700_000);
  const upload = { do: 'upload', name: 'cut', content: 'some bytes', chunk: 262_144, times: 130_000 };
  const stored = await pythonOn(proxy.url)({ ...upload, conditions: { if_generation_match: 0 } });
  expect([proxy.cuts, stored.size]).toEqual([1, 1_300_000]);
  expect((await lab.client().bucket('python').file('cut').download())[0].toString()).toBe('some bytes'.repeat(130_000));
  proxy.close();
}, 60_000);

it('gives the actions an object of 3 MB in a dozen pieces, not in the hundreds that the client asks for', async () => {
  await python({ do: 'upload', name: 'photo', content: 'some bytes', times: 300_000 });
  expect(await python({ do: 'pieces', name: 'photo' })).toEqual({ pieces: 12, size: 3_000_000 });
});
