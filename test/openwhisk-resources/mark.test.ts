/** What a killed run leaves: entities that no state knows, and a state that knows entities which are gone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actions, apis, packages, rules, triggers } from '../../infra/openwhisk/src/providers';
import { TestPlatform, valueIn } from './platform';

const platform = new TestPlatform();
const owner = 'urn:pulumi:dev::pdfmagic';
const own = { owner, name: 'resource' };
const others = [undefined, { owner, name: 'another' }, { owner: 'urn:pulumi:prod::pdfmagic', name: 'resource' }];

beforeAll(async () => {
  await platform.start();
  const annotations = { 'web-export': true };
  await platform.behind.actions.create({
    name: 'foreign',
    action: 'function main() {}',
    kind: 'nodejs:20',
    annotations,
  });
});
afterAll(() => platform.stop());

/** Each kind with inputs for a name; `changed` is another state that it can be brought into. */
const KINDS = {
  packages: { provider: packages, inputs: (name: string) => ({ name }), changed: { parameters: { a: 1 } } },
  actions: {
    provider: actions,
    inputs: (name: string) => ({ name, kind: 'nodejs:20', code: { source: 'function main() {}', sha256: 'x' } }),
    changed: { parameters: { a: 1 } },
  },
  triggers: { provider: triggers, inputs: (name: string) => ({ name }), changed: { parameters: { a: 1 } } },
  rules: {
    provider: rules,
    inputs: (name: string) => ({ name, trigger: 'fired', action: 'foreign' }),
    changed: { status: 'inactive' },
  },
} as const;

type Bag = Record<string, unknown>;
interface Provider {
  check(olds: Bag, news: Bag): Promise<{ failures?: { reason: string }[] }>;
  create(inputs: Bag): Promise<{ id: string; outs?: Bag }>;
  diff(id: string, olds: Bag, news: Bag): Promise<{ changes?: boolean; replaces?: string[] }>;
  read(id: string, olds: Bag): Promise<{ id?: string; props?: Bag }>;
  update(id: string, olds: Bag, news: Bag): Promise<{ outs?: Bag }>;
  delete(id: string, olds: Bag): Promise<void>;
}

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('of the %s', (kind) => {
  const { inputs, changed } = KINDS[kind];
  const provider = KINDS[kind].provider as unknown as Provider;
  const given = (name: string, more: object = {}): Bag => ({
    connection: platform.connection,
    ...inputs(name),
    ...more,
  });
  beforeAll(() => platform.behind.triggers.create({ name: 'fired', overwrite: true }));

  it('takes up what it had made itself, and brings it into the wanted state', async () => {
    await provider.create(given(`own-${kind}`, { mark: own }));
    const { id, outs = {} } = await provider.create(given(`own-${kind}`, { mark: own, ...changed }));
    expect((await provider.read(id, outs)).props).toMatchObject({ ...changed, mark: own });
  });

  it('refuses what another resource, another stack, or nobody has made, and says whose it is', async () => {
    for (const [index, mark] of others.entries()) {
      const name = `theirs-${kind}-${index}`;
      await provider.create(given(name, mark && { mark }));
      const refused = provider.create(given(name, { mark: own, ...changed }));
      await expect(refused).rejects.toThrow(/was not created by this resource, so it is unchanged.*\n.*adopt: true/);
      if (mark) await expect(refused).rejects.toThrow(`It was made by ${mark.name} of ${mark.owner}.`);
    }
    await expect(provider.create(given(`own-${kind}`))).rejects.toThrow('was not created by this resource');
  });

  it('writes the mark by one update where an older state has none, and replaces nothing for another', async () => {
    const { id, outs = {} } = await provider.create(given(`older-${kind}`));
    const news = given(`older-${kind}`, { mark: own });
    expect(await provider.diff(id, outs, news)).toMatchObject({ changes: true, replaces: [] });
    const { outs: after = {} } = await provider.update(id, outs, news);
    expect(await provider.diff(id, after, news)).toMatchObject({ changes: false });
    expect((await provider.read(id, after)).props).toEqual(after);
    const renamed = given(`older-${kind}`, { mark: { owner, name: 'renamed' } });
    expect(await provider.diff(id, after, renamed)).toMatchObject({ changes: true, replaces: [] });
    const name = `older-${kind}`;
    const { annotations } = await platform.behind[kind].get({ name });
    expect(valueIn(annotations as { key: string; value: unknown }[], 'pulumi')).toEqual(own);
  });

  it('finds that an entity of the state is gone without a refresh, and makes it again', async () => {
    const news = given(`gone-${kind}`, { mark: own });
    const { id, outs = {} } = await provider.create(news);
    expect(await provider.diff(id, outs, news)).toMatchObject({ changes: false });
    await provider.delete(id, outs);
    expect(await provider.diff(id, outs, news)).toMatchObject({ changes: true, replaces: [] });
    const { outs: after = {} } = await provider.update(id, outs, news);
    expect(await provider.diff(id, after, news)).toMatchObject({ changes: false });
  });

  it.skipIf(kind === 'rules')('refuses the annotation as an input', async () => {
    const { failures = [] } = await provider.check({}, given('x', { annotations: { pulumi: 'mine' } }));
    expect(failures.map(({ reason }) => reason)).toEqual(['annotations.pulumi: is the mark that this package writes']);
  });
});

describe('of an API', () => {
  const operation = (action: string, mark?: typeof own) => {
    const { connection } = platform;
    return { connection, basePath: '/marked', path: `/${action}`, verb: 'get', action, ...(mark && { mark }) };
  };

  it('takes up an operation that leads to an action of its stack, whichever resource made that', async () => {
    const mark = { owner: `${owner}::tests:Group::group`, name: 'action' };
    await actions.create({ ...KINDS.actions.inputs('api-own'), connection: platform.connection, web: 'on', mark });
    await apis.create(operation('api-own', own));
    expect((await apis.create(operation('api-own', own))).id).toBe('GET /marked/api-own');
  });

  it('refuses one that leads to the action of anybody else', async () => {
    await apis.create(operation('foreign', own));
    await expect(apis.create(operation('foreign', own))).rejects.toThrow('already exists and was not created by this');
  });

  it('finds that an operation of the state is gone without a refresh', async () => {
    const news = operation('foreign', own);
    const { id, outs } = await apis.create({ ...news, adopt: true });
    expect(await apis.diff(id, outs as never, news)).toMatchObject({ changes: false });
    await apis.delete(id, outs as never);
    expect(await apis.diff(id, outs as never, news)).toMatchObject({ changes: true, replaces: [] });
  });
});
