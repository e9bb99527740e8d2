import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActionInputs, ActionOutputs } from '../../infra/openwhisk/src/action/action-inputs';
import * as actions from '../../infra/openwhisk/src/action/action-provider';
import { describeCode } from '../../infra/openwhisk/src/action/code';
import * as packages from '../../infra/openwhisk/src/package/package-provider';
import { PARAMETER_SECRET, TestPlatform, valueIn } from './platform';

const SOURCE = 'function main(args) { return args; }\n';
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

async function inputs(more: Partial<ActionInputs> = {}): Promise<ActionInputs> {
  const code = await describeCode(undefined, SOURCE);
  return { connection: platform.connection, name: `a${++count}`, kind: 'nodejs:20', ...(code && { code }), ...more };
}

async function made(more: Partial<ActionInputs> = {}) {
  const given = await inputs(more);
  const { id, outs } = await actions.create(given);
  return { given, id, outs: outs as ActionOutputs };
}

async function zip(name: string, content: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from(content), Buffer.from([0])]));
  return file;
}

describe('create', () => {
  it('makes an action that the next diff finds unchanged', async () => {
    const { given, id, outs } = await made({ parameters: { b: 1, a: PARAMETER_SECRET }, web: 'on', timeout: 5000 });
    expect(id).toBe(`/guest/${given.name}`);
    expect(outs.version).toBe('0.0.1');
    expect(outs.url).toBe(`${given.connection.apihost}/api/v1/web/guest/default/${given.name}`);
    expect(
      await actions.diff(id, outs, { ...given, parameters: { a: PARAMETER_SECRET, b: 1 }, memory: 256 }),
    ).toMatchObject({ changes: false, replaces: [] });
  });

  it('writes the annotations that wsk writes for a web action', async () => {
    const { given } = await made({ web: 'raw', webSecret: 'knock-knock', annotations: { about: 'x' } });
    const { annotations } = await platform.behind.actions.get(given.name);
    expect(Object.fromEntries((annotations ?? []).map(({ key, value }) => [key, value]))).toEqual({
      about: 'x',
      exec: 'nodejs:20',
      final: true,
      'provide-api-key': false,
      'raw-http': true,
      'require-whisk-auth': 'knock-knock',
      'web-export': true,
    });
  });

  it('keeps neither source nor zip in its outputs', async () => {
    const inline = await made();
    expect(JSON.stringify(inline.outs)).not.toContain('function main');
    const code = await describeCode(await zip('one.zip', 'bytes of a zip'), undefined);
    const { outs } = await made(code && { code });
    expect(Object.keys(outs.code ?? {}).sort()).toEqual(['file', 'sha256']);
    const { exec } = await platform.behind.actions.get(outs.name);
    expect('binary' in exec && exec.binary).toBe(true);
  });

  it('fails clearly when the code file changed or vanished since the program ran', async () => {
    const file = await zip('gone.zip', 'first');
    const code = await describeCode(file, undefined);
    await zip('gone.zip', 'second');
    await expect(actions.create(await inputs(code && { code }))).rejects.toThrow(/gone\.zip changed during this run/);
    await rm(file);
    await expect(actions.create(await inputs(code && { code }))).rejects.toThrow(
      /gone\.zip cannot be read \(there is none\)/,
    );
  });

  it('refuses to overwrite an action that it did not make, and names adopt', async () => {
    const { given } = await made();
    await expect(actions.create(given)).rejects.toThrow(
      /already exists and was not created by this resource[\s\S]*adopt: true/,
    );
  });

  it('takes over an existing action with adopt, removing what does not belong', async () => {
    const name = `a${++count}`;
    const action = { exec: { kind: 'python:3.11', code: 'def main(a):\n    return a\n' } };
    await platform.behind.actions.create({ name, action, params: { stale: 1 }, annotations: { stale: 1 } });
    const { outs } = await actions.create(await inputs({ name, adopt: true, parameters: { fresh: 1 } }));
    const found = await platform.behind.actions.get(name);
    expect(found.parameters).toEqual([{ key: 'fresh', value: 1 }]);
    expect(valueIn(found.annotations, 'stale')).toBeUndefined();
    expect(found.exec.kind).toBe('nodejs:20');
    expect(outs).toMatchObject({ name, version: '0.0.2' });
  });

  it('makes sequences, whose order counts', async () => {
    const [one, two] = [await made(), await made()];
    const components = [one.given.name, `/_/${two.given.name}`];
    const name = `a${++count}`;
    const given = { connection: platform.connection, name, components };
    const { id, outs } = await actions.create(given);
    const found = await actions.read(id, outs as ActionOutputs);
    expect(found.props).toEqual(outs);
    const respelled = { ...given, components: [`/guest/${one.given.name}`, two.given.name] };
    expect(await actions.diff(id, outs as ActionOutputs, respelled)).toMatchObject({ changes: false });
    const reversed = { ...given, components: [...components].reverse() };
    expect(await actions.diff(id, outs as ActionOutputs, reversed)).toMatchObject({ changes: true, replaces: [] });
  });

  it('makes actions from an image', async () => {
    const { kind: _, ...given } = await inputs({ image: 'pdfmagic/action-python:1.0' });
    const created = await actions.create(given);
    const [id, outs] = [created.id, created.outs as ActionOutputs];
    expect((await platform.behind.actions.get(outs.name)).exec).toMatchObject({ kind: 'blackbox' });
    expect((await actions.read(id, outs)).props).toEqual(outs);
  });
});

describe('update', () => {
  it('removes parameters and annotations that are gone, and resets limits', async () => {
    const { given, id, outs } = await made({
      parameters: { keep: 1, drop: 2 },
      annotations: { keep: 1, drop: 2 },
      web: 'on',
      memory: 512,
    });
    const { name, connection, kind, code } = given;
    const next = {
      name,
      connection,
      kind: kind ?? '',
      ...(code && { code }),
      parameters: { keep: 1 },
      annotations: { keep: 1 },
    };
    const { outs: after } = await actions.update(id, outs, next);
    const found = await platform.behind.actions.get(name);
    expect(found.parameters).toEqual([{ key: 'keep', value: 1 }]);
    expect((found.annotations ?? []).map(({ key }) => key).sort()).toEqual(['exec', 'keep', 'provide-api-key']);
    expect(found.limits?.memory).toBe(256);
    expect(await actions.diff(id, after as ActionOutputs, next)).toMatchObject({ changes: false });
  });

  it('sends the code again only when it changed', async () => {
    const { given, id, outs } = await made({ parameters: { a: 1 } });
    platform.proxy.reset();
    await actions.update(id, outs, { ...given, parameters: { a: 2 } });
    expect(platform.proxy.seen.find(({ method }) => method === 'PUT')?.body).not.toContain('function main');
  });

  it('makes a vanished action again', async () => {
    const { given, id, outs } = await made();
    await platform.behind.actions.delete(given.name);
    const { outs: after } = await actions.update(id, outs, { ...given, timeout: 1000 });
    expect(after).toMatchObject({ version: '0.0.1', timeout: 1000 });
  });
});

describe('read', () => {
  it('leaves the state alone when nothing changed, and does not fetch the code', async () => {
    const { given, id, outs } = await made({ parameters: { a: { deep: [1, null] } }, web: 'on' });
    platform.proxy.reset();
    const found = await actions.read(id, outs);
    expect(found.id).toBe(id);
    expect(found.props).toEqual(outs);
    expect(platform.proxy.count('GET', /code=true/)).toBe(0);
    expect(await actions.diff(id, found.props as ActionOutputs, given)).toMatchObject({ changes: false });
  });

  it.each<[string, (name: string) => Promise<unknown>]>([
    ['code', (name) => platform.behind.actions.update({ name, action: 'function main() {}', kind: 'nodejs:20' })],
    ['a parameter', (name) => platform.behind.actions.update({ name, params: { a: 'other' } })],
    ['a new parameter', (name) => platform.behind.actions.update({ name, params: { a: 1, more: 1 } })],
    ['an annotation', (name) => platform.behind.actions.update({ name, annotations: { more: 1 } })],
    ['the web export', (name) => platform.behind.actions.update({ name, annotations: { 'web-export': true } })],
    ['a limit', (name) => platform.behind.actions.update({ name, limits: { memory: 512 } })],
  ])('finds drift of %s, which the next update mends', async (_what, meddle) => {
    const { given, id, outs } = await made({ parameters: { a: 1 } });
    await meddle(given.name);
    const found = await actions.read(id, outs);
    const props = found.props as ActionOutputs;
    expect(await actions.diff(id, props, given)).toMatchObject({ changes: true, replaces: [] });
    expect(found.inputs).toMatchObject({ name: given.name, code: { source: expect.any(String) } });
    const { outs: mended } = await actions.update(id, props, given);
    expect((await actions.read(id, mended as ActionOutputs)).props).toEqual(mended);
    expect(await actions.diff(id, mended as ActionOutputs, given)).toMatchObject({ changes: false });
  });

  it('says that a vanished action is gone', async () => {
    const { given, id, outs } = await made();
    await platform.behind.actions.delete(given.name);
    expect((await actions.read(id, outs)).id).toBe('');
  });

  it('does not take the parameters of the package for its own', async () => {
    const pkg = { connection: platform.connection, name: `p${++count}`, parameters: { shared: 1, own: 'package' } };
    await packages.create(pkg);
    const { id, outs } = await made({ package: pkg.name, parameters: { own: 'action' } });
    expect(id).toBe(`/guest/${pkg.name}/${outs.name}`);
    expect((await actions.read(id, outs)).props).toEqual(outs);
  });
});

describe('delete', () => {
  it('deletes, and is content when there is nothing left to delete', async () => {
    const { given, id, outs } = await made();
    await actions.delete(id, outs);
    await expect(platform.behind.actions.get(given.name)).rejects.toMatchObject({ statusCode: 404 });
    await actions.delete(id, outs);
  });

  it('of a package that is not empty says what is in the way', async () => {
    const pkg = { connection: platform.connection, name: `p${++count}` };
    const { id, outs } = await packages.create(pkg);
    await made({ package: pkg.name });
    await expect(packages.delete(id, outs)).rejects.toThrow(/holds actions that this program does not manage/);
  });
});
