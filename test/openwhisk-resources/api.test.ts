import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiInputs, ApiOutputs } from '../../infra/openwhisk/src/api/api-inputs';
import * as apis from '../../infra/openwhisk/src/api/api-provider';
import { PartialFailure } from '../../infra/openwhisk/src/dynamic/partial-failure';
import { TestPlatform } from './platform';
import { shortenPauses } from './short-pauses';

shortenPauses();
const platform = new TestPlatform();
let count = 0;

beforeAll(async () => {
  await platform.start();
  const annotations = { 'web-export': true };
  for (const name of ['one', 'two']) {
    await platform.behind.actions.create({ name, action: 'function main() {}', kind: 'nodejs:20', annotations });
  }
});
afterAll(() => platform.stop());
beforeEach(() => platform.proxy.reset());

function inputs(more: Partial<ApiInputs> = {}): ApiInputs {
  const { connection } = platform;
  return {
    connection,
    basePath: `/b${++count}`,
    path: '/pdf',
    verb: 'post',
    action: 'one',
    responseType: 'http',
    ...more,
  };
}

async function made(more: Partial<ApiInputs> = {}) {
  const given = inputs(more);
  const { id, outs } = await apis.create(given);
  return { given, id, outs: outs as ApiOutputs };
}

/** `['GET /pdf', ...]` of a base path, as the gateway has them. */
async function operations(basePath: string): Promise<string[]> {
  const { apis: found } = await platform.behind.routes.list({ basepath: basePath });
  const paths: Readonly<Record<string, object>> = found[0]?.value.apidoc.paths ?? {};
  return Object.entries(paths)
    .flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`))
    .sort();
}

describe('an operation of an API', () => {
  it('is created, found unchanged, updated in place and deleted', async () => {
    const { given, id, outs } = await made({ secureKey: 'knock-knock', apiName: 'My API' });
    expect(id).toBe(`POST ${given.basePath}/pdf`);
    expect(outs.url).toMatch(new RegExp(`/api/${platform.uuid}${given.basePath}/pdf$`));
    expect((await apis.read(id, outs)).props).toEqual(outs);
    const next: ApiInputs = { ...inputs({ basePath: given.basePath, responseType: 'json', action: '/guest/two' }) };
    expect(await apis.diff(id, outs, next)).toMatchObject({ changes: true, replaces: [] });
    const { outs: after } = await apis.update(id, outs, next);
    expect((await apis.read(id, after as ApiOutputs)).props).toEqual(after);
    await apis.delete(id, after as ApiOutputs);
    expect(await operations(given.basePath)).toEqual([]);
    await apis.delete(id, after as ApiOutputs);
    expect((await apis.read(id, after as ApiOutputs)).id).toBe('');
  });

  it('does not lose another one that is made at the same time', async () => {
    const basePath = `/b${++count}`;
    const verbs = ['get', 'put', 'post', 'delete', 'patch'];
    await Promise.all(verbs.map((verb) => made({ basePath, verb })));
    expect(await operations(basePath)).toEqual(verbs.map((verb) => `${verb.toUpperCase()} /pdf`).sort());
  });

  it('is written again when another process wrote over it', async () => {
    const basePath = `/b${++count}`;
    platform.proxy.breakNext('POST', /createApi/, { answer: 200, body: { gwApiUrl: 'x', apidoc: {} } });
    await made({ basePath });
    expect(platform.proxy.count('POST', /createApi/)).toBe(2);
    expect(await operations(basePath)).toEqual(['POST /pdf']);
  });

  it('is not overwritten unless adopted', async () => {
    const { given } = await made();
    await expect(apis.create({ ...given, action: 'two' })).rejects.toThrow(
      /API POST \/b\d+\/pdf already exists[\s\S]*adopt: true/,
    );
    const { outs } = await apis.create({ ...given, action: 'two', adopt: true });
    expect(outs).toMatchObject({ action: 'two' });
  });

  it('shows drift of the action behind it, and is mended', async () => {
    const { given, id, outs } = await made();
    const options = { basepath: given.basePath, relpath: '/pdf', operation: 'POST', action: 'two' } as const;
    await platform.behind.routes.create(options);
    const found = await apis.read(id, outs);
    expect(found.props).toMatchObject({ action: '/guest/two', responseType: 'json' });
    const { outs: mended } = await apis.update(id, found.props as ApiOutputs, given);
    expect((await apis.read(id, mended as ApiOutputs)).props).toEqual(outs);
  });

  it('changes the title of its API in place', async () => {
    const { given, id, outs } = await made({ apiName: 'First' });
    const next = { ...given, apiName: 'Second' };
    expect(await apis.diff(id, outs, next)).toMatchObject({ changes: true, replaces: [] });
    const { outs: after } = await apis.update(id, outs, next);
    expect((await apis.read(id, after as ApiOutputs)).props).toMatchObject({ apiName: 'Second' });
    expect(await operations(given.basePath)).toEqual(['POST /pdf']);
  });

  it('passes the refusals of the gateway on, without trying again', async () => {
    const body = { error: 'API creation failure: Unable to configure the API Gateway (status code 400): bad verb' };
    platform.proxy.breakNext('POST', /createApi/, { answer: 502, body });
    await expect(made()).rejects.toThrow(/Could not create API POST[\s\S]*bad verb/);
    expect(platform.proxy.count('POST', /createApi/)).toBe(1);
  });

  it('waits for a gateway that is in trouble', async () => {
    const body = { error: 'API creation failure: Unable to configure the API Gateway (status code 503): later' };
    platform.proxy.breakNext('POST', /createApi/, { answer: 502, body });
    const { given } = await made();
    expect(await operations(given.basePath)).toEqual(['POST /pdf']);
  });

  it('that may exist without a known answer is in the state', async () => {
    const given = inputs();
    platform.proxy.breakNext('POST', /createApi/, 'lose-answer', 5);
    const error = await apis.create(given).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PartialFailure);
    const state = (error as PartialFailure).properties as ApiOutputs;
    expect(await apis.diff('', state, given)).toMatchObject({ changes: true, replaces: [] });
    const { outs } = await apis.update('', state, given);
    expect(outs).toHaveProperty('url');
  });
});
