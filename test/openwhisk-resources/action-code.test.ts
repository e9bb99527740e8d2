/** What refresh and `ignoreChanges: ['code']` mean for an action's code, as the engine asks: check, diff, then the change. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActionInputs, ActionOutputs } from '../../infra/openwhisk/src/action/action-inputs';
import * as actions from '../../infra/openwhisk/src/action/action-provider';
import { type Code, describeCode } from '../../infra/openwhisk/src/action/code';
import { TestPlatform } from './platform';

const SOURCE = 'function main(args) { return args; }\n';
const OTHER = 'function main() { return { other: true }; }\n';
const platform = new TestPlatform();
let folder: string;
let count = 0;

beforeAll(async () => {
  await platform.start();
  folder = await mkdtemp(path.join(tmpdir(), 'action-code-'));
});
afterAll(async () => {
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => platform.proxy.reset());

async function codeOf(file: string | undefined, source?: string): Promise<Code> {
  return (await describeCode(file, source)) ?? {};
}

async function zip(content: string, file = path.join(folder, `${++count}.zip`)): Promise<string> {
  await writeFile(file, Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from(content), Buffer.from([0])]));
  return file;
}

async function made(code: Code) {
  const given: ActionInputs = { connection: platform.connection, name: `c${++count}`, kind: 'nodejs:20', code };
  const { id, outs } = await actions.create(given);
  return { given, id, outs: outs as ActionOutputs };
}

/** What OpenWhisk holds, as bytes of a file or as text. */
async function held(name: string): Promise<string> {
  const { exec } = await platform.behind.actions.get(name);
  const { code = '', binary = false } = exec as { code?: string; binary?: boolean };
  return binary ? Buffer.from(code, 'base64').toString('latin1') : code;
}

const meddle = (name: string, action = OTHER) => platform.behind.actions.update({ name, action, kind: 'nodejs:20' });

/** One `up`: what the engine asks a provider, in its order. False when nothing was to be done. */
async function up(id: string, olds: ActionOutputs, news: ActionInputs): Promise<ActionOutputs | false> {
  expect((await actions.check(news, news)).failures).toBeUndefined();
  if ((await actions.diff(id, olds, news)).changes !== true) return false;
  return (await actions.update(id, olds, news)).outs as ActionOutputs;
}

describe('refresh', () => {
  it('leaves the inputs of an unchanged action to the engine, which has the source; for code of both kinds', async () => {
    for (const code of [await codeOf(undefined, SOURCE), await codeOf(await zip('bytes'))]) {
      const { id, outs } = await made(code);
      expect(await actions.read(id, outs)).toEqual({ id, props: outs });
    }
  });

  it.each([SOURCE, 'bWFpbg=='])('gives the source back with what else it found: %j', async (source) => {
    const { given, id, outs } = await made(await codeOf(undefined, source));
    await platform.behind.actions.update({ name: given.name, limits: { memory: 512 } });
    const { inputs } = await actions.read(id, outs);
    expect(inputs).toMatchObject({ memory: 512, code: { source } });
  });
});

describe('code that is ignored', () => {
  it('of a file that was built anew stays as it is, and nothing fails', async () => {
    const file = await zip('first');
    const { given, id, outs } = await made(await codeOf(file));
    await zip('second', file);
    expect(await up(id, outs, given)).toBe(false);
    let state = await up(id, outs, { ...given, memory: 512 });
    expect(state).toMatchObject({ memory: 512, code: given.code });
    // Somebody else writes to it: what is there now is not ours to overwrite, but the rest is.
    await meddle(given.name);
    state = await up(id, state as ActionOutputs, { ...given, memory: 128, kind: 'nodejs:default' });
    expect(state).toMatchObject({ memory: 128 });
    expect(await held(given.name)).toBe(OTHER);
    expect(await up(id, state as ActionOutputs, { ...given, memory: 128, kind: 'nodejs:default' })).toBe(false);
    expect((await actions.read(id, state as ActionOutputs)).props).toEqual(state);
  });

  it('of a file that is gone needs no file', async () => {
    const file = await zip('first');
    const { given, id, outs } = await made(await codeOf(file));
    await rm(file);
    expect(await up(id, outs, { ...given, timeout: 5000 })).toMatchObject({ timeout: 5000 });
    expect(await held(given.name)).toContain('first');
  });

  it('known by its digest only, from a refresh, stays as it is', async () => {
    const { given, id, outs } = await made(await codeOf(await zip('first')));
    await meddle(given.name, (await readFile(await zip('meddled'))).toString('base64'));
    const refreshed = await actions.read(id, outs);
    const [state, code] = [refreshed.props as ActionOutputs, (refreshed.inputs as ActionInputs).code ?? {}];
    expect(Object.keys(code)).toEqual(['sha256']);
    expect(await up(id, state, { ...given, code })).toBe(false);
    const before = await held(given.name);
    await platform.behind.actions.update({ name: given.name, limits: { memory: 512 } });
    expect(await up(id, state, { ...given, code, timeout: 5000 })).toMatchObject({ timeout: 5000 });
    expect(await held(given.name)).toBe(before);
  });

  it('is deployed as the file now is where there is no action any more, and the state says so', async () => {
    const file = await zip('first');
    const { given, id, outs } = await made(await codeOf(file));
    await zip('second', file);
    await platform.behind.actions.delete(given.name);
    const state = (await up(id, outs, { ...given, timeout: 5000 })) as ActionOutputs;
    expect(await held(given.name)).toContain('second');
    expect(state.code).toEqual(await codeOf(file));
    expect(await up(id, state, { ...given, timeout: 5000 })).toBe(false);
    // A replacement: deleted, checked, and created under another name.
    const renamed = { ...given, name: `c${++count}` };
    expect((await actions.check(renamed, renamed)).failures).toBeUndefined();
    expect((await actions.create(renamed)).outs).toMatchObject({ code: await codeOf(file) });
    expect(await held(renamed.name)).toContain('second');
  });

  it('is the program’s own again as soon as it is no longer ignored', async () => {
    const file = await zip('first');
    const { given, id, outs } = await made(await codeOf(file));
    await zip('second', file);
    const state = (await up(id, outs, { ...given, memory: 512 })) as ActionOutputs;
    const code = await codeOf(file);
    expect(await up(id, state, { ...given, memory: 512, code })).toMatchObject({ code });
    expect(await held(given.name)).toContain('second');
  });

  it('says what to do where nothing is left of it', async () => {
    const { given, id, outs } = await made(await codeOf(undefined, SOURCE));
    await platform.behind.actions.delete(given.name);
    const code = { sha256: '0'.repeat(64) };
    await expect(up(id, outs, { ...given, code, memory: 512 })).rejects.toThrow(/Only the digest[\s\S]*ignoreChanges/);
  });
});
