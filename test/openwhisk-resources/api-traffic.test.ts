/** An operation is what carries its traffic, not what is written beside it; and two that cannot both be served are refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiInputs, ApiOutputs } from '../../infra/openwhisk/src/api/api-inputs';
import * as apis from '../../infra/openwhisk/src/api/api-provider';
import { backendOf } from '../../infra/openwhisk/src/api/backend';
import { operationIdOf } from '../../infra/openwhisk/src/api/collision';
import { TestPlatform } from './platform';

const platform = new TestPlatform();
let count = 0;

const put = (name: string, annotations: object = { 'web-export': true }) =>
  platform.behind.actions.update({ name, action: 'function main() {}', kind: 'nodejs:20', annotations });

beforeAll(async () => {
  await platform.start();
  for (const name of ['one', 'two']) await put(name);
  await put('private', {});
});
afterAll(() => platform.stop());

function inputs(more: Partial<ApiInputs> = {}): ApiInputs {
  const { connection } = platform;
  const basePath = `/t${++count}`;
  return { connection, basePath, path: '/users/{id}', verb: 'get', action: 'one', responseType: 'http', ...more };
}

async function made(given: ApiInputs) {
  const { id, outs } = await apis.create(given);
  return { given, id, outs: outs as ApiOutputs };
}

/** What `wsk api create` does, for which nothing is in the way. */
async function createBehind({ basePath, path, verb, action }: ApiInputs): Promise<void> {
  const operation = verb.toUpperCase() as 'GET';
  const options = { basepath: basePath, relpath: path, operation, action, responsetype: 'http' };
  await platform.behind.routes.create(options);
}

interface Document {
  readonly paths: Readonly<Record<string, object>>;
}

async function documentOf({ basePath }: ApiInputs): Promise<Document | undefined> {
  const { apis: found } = await platform.behind.routes.list({ basepath: basePath });
  return found[0]?.value.apidoc as unknown as Document | undefined;
}

const COLLIDING = [
  ['/users/{id}', '/users/id'],
  ['/v1.0/x', '/v1/0/x'],
  ['/users', '/Users'],
  ['/a/b', '/a.b'],
  ['/a', '/a/'],
  ['/users/{id}', '/users/{name}'],
] as const;

describe('two operations of which only one can be served', () => {
  it.each(COLLIDING)('%s and %s are refused before anything is made, when one program declares both', async (a, b) => {
    const first = inputs({ path: a });
    expect((await apis.check(first, first)).failures).toBeUndefined();
    const second = { ...first, path: b };
    const reasons = (await apis.check(second, second)).failures?.map(({ reason }) => reason).join('\n');
    expect(reasons).toContain(
      b === '/a/' ? 'may not end with /' : `path: cannot exist beside GET ${first.basePath}${a}`,
    );
    expect((await apis.check(first, first)).failures).toBeUndefined();
  });

  it('that differ by verb or word are served side by side', async () => {
    const first = inputs();
    for (const more of [{}, { verb: 'put' }, { path: '/users' }, { path: '/users/{id}/x' }, { path: '/users/i-d' }]) {
      const news = { ...first, ...more };
      expect((await apis.check(news, news)).failures).toBeUndefined();
      await made(news);
    }
  });

  it('are refused when the other is there already, and that one is left as it is', async () => {
    const first = inputs();
    await createBehind(first);
    const before = await documentOf(first);
    for (const adopt of [false, true]) {
      await expect(apis.create({ ...first, path: '/users/id', action: 'two', adopt })).rejects.toThrow(
        /API GET \/t\d+\/users\/id cannot exist beside GET \/t\d+\/users\/\{id\}[\s\S]*"getUsersId"[\s\S]*another path/,
      );
    }
    expect(await documentOf(first)).toEqual(before);
  });

  it('are found by refresh when the other came behind our back, and named by up', async () => {
    const { given, id, outs } = await made(inputs());
    const other = { ...given, path: '/users/id', action: 'two' };
    await createBehind(other);
    const found = (await apis.read(id, outs)).props as ApiOutputs;
    expect(found.action).toBe('/guest/two');
    expect(await apis.diff(id, found, given)).toMatchObject({ changes: true, replaces: [] });
    await expect(apis.update(id, found, given)).rejects.toThrow(/cannot exist beside GET \/t\d+\/users\/id/);
    // Deleting the other takes the case away from ours: nothing answers, which an up mends.
    await platform.behind.routes.delete({ basepath: given.basePath, relpath: other.path, operation: 'GET' });
    const silent = (await apis.read(id, found)).props as ApiOutputs;
    expect(silent).not.toHaveProperty('action');
    expect(await apis.diff(id, silent, given)).toMatchObject({ changes: true, replaces: [] });
    const mended = (await apis.update(id, silent, given)).outs as ApiOutputs;
    expect((await apis.read(id, mended)).props).toEqual(outs);
  });

  it('do not take each other with them when one is deleted', async () => {
    const { given, id, outs } = await made(inputs());
    await createBehind({ ...given, path: '/users/id', action: 'two' });
    await apis.delete(id, outs);
    const document = await documentOf(given);
    expect(Object.keys(document?.paths ?? {})).toEqual(['/users/id']);
    expect(backendOf(document, 'getUsersId')).toMatchObject({ action: '/guest/two' });
  });
});

describe('the action behind an operation', () => {
  it.each([
    ['missing', /There is no action "missing"[\s\S]*fullyQualifiedName/],
    ['pack/missing', /There is no action/],
    ['private', /is not a web action[\s\S]*web: 'on'/],
  ])('is refused when nothing would answer: %s', async (action, words) => {
    const given = inputs({ action });
    await expect(apis.create(given)).rejects.toThrow(words);
    expect(await documentOf(given)).toBeUndefined();
  });

  it.each([
    ['deleted', () => platform.behind.actions.delete({ name: 'gone' })],
    ['taken from the web', () => put('gone', { 'web-export': false })],
  ])('is found missing by refresh when it was %s behind our back, and named by up', async (_how, change) => {
    await put('gone');
    const { given, id, outs } = await made(inputs({ action: 'gone' }));
    await change();
    const found = (await apis.read(id, outs)).props as ApiOutputs;
    expect(found).not.toHaveProperty('action');
    expect(await apis.diff(id, found, given)).toMatchObject({ changes: true, replaces: [] });
    await expect(apis.update(id, found, given)).rejects.toThrow(/no action|not a web action/);
    await put('gone');
    const { outs: mended } = await apis.update(id, found, given);
    expect((await apis.read(id, mended as ApiOutputs)).props).toEqual(outs);
  });

  it('is read from the target of the case; the label beside it counts for nothing', async () => {
    const { given, id, outs } = await made(inputs());
    const text = JSON.stringify(await documentOf(given));
    const swagger = JSON.parse(text.replace(/("target-url":"[^"]*)\/one\.http/, '$1/two.http'));
    const options = { swagger, relpath: '', operation: '', action: '' } as const; // the client's types know no swagger
    await platform.behind.routes.create(options);
    const found = (await apis.read(id, outs)).props as ApiOutputs;
    expect(found.action).toBe('/guest/two');
    const { outs: mended } = await apis.update(id, found, given);
    expect((await apis.read(id, mended as ApiOutputs)).props).toEqual(outs);
  });
});

describe('what carries the traffic of an operation', () => {
  const document = (execute: unknown) => ({ 'x-ibm-configuration': { assembly: { execute } } });
  const invoke = (url: string) => ({ invoke: { 'target-url': url, verb: 'keep' } });
  const web = 'http://host/api/v1/web';

  it.each([
    [`${web}/guest/default/a.http$(request.path)`, { action: '/guest/a', namespace: 'guest', responseType: 'http' }],
    [`${web}/guest/pack/a.b.json`, { action: '/guest/pack/a.b', namespace: 'guest', responseType: 'json' }],
    [`https://${web}/guest/pack/a%20b.svg`, { action: '/guest/pack/a b', namespace: 'guest', responseType: 'svg' }],
    ['https://elsewhere/x?key=secret', { action: 'https://elsewhere/x' }],
  ])('is %s', (url, backend) => {
    const cases = [{ operations: ['id'], execute: [invoke(url)] }];
    expect(backendOf(document([{ 'operation-switch': { case: cases } }]), 'id')).toEqual(backend);
    expect(backendOf(document([invoke(url)]), 'id')).toEqual(backend);
    expect(backendOf(document([{ 'operation-switch': { case: cases } }]), 'other')).toBeUndefined();
  });

  it('is the last case with its id, as in the gateway', () => {
    const cases = ['a', 'b'].map((name) => ({ operations: ['id'], execute: [invoke(`${web}/g/p/${name}.json`)] }));
    expect(backendOf(document([{ 'operation-switch': { case: cases } }]), 'id')?.action).toBe('/g/p/b');
  });
});

it.each([
  ['POST', '/v1.2/camelCase', 'postV12Camelcase'],
  ['GET', '/{id}', 'getId'],
  ['GET', '/', 'get'],
  ['OPTIONS', '/-x', 'options-X'],
  ['GET', '/a_b-C/d', 'getA_b-cD'],
])('%s %s has the id that OpenWhisk gives it', (verb, path, id) => {
  expect(operationIdOf({ verb, path })).toBe(id);
});
