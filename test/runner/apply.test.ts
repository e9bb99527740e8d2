import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Laboratory, openLaboratory, type ThingSpec } from './laboratory';

let lab: Laboratory;
beforeEach(() => {
  lab = openLaboratory();
});
afterEach(() => lab.close());

/** How a provider becomes text; what comes of it is the same. */
const FORMS: readonly [string, Pick<ThingSpec, 'bySdk'>][] = [
  ['its provider being text already', {}],
  ["its provider serialized by Pulumi's SDK", { bySdk: true }],
];

describe('up', () => {
  it('makes what is needed first, and gives outputs on to what needs them', async () => {
    lab.program(
      {
        a: { properties: { name: 'a' } },
        b: { properties: { name: 'b', of: { ref: 'a.address' } } },
        c: { properties: { name: 'c' }, options: { after: 'b' } },
      },
      { where: { ref: 'b.address' }, fixed: 'text' },
    );
    const result = await lab.up();
    expect(lab.calls()).toEqual(['create a', 'create b', 'create c']);
    expect(lab.objects().b).toMatchObject({ of: 'address of a' });
    expect(result).toEqual({ changes: { create: 3 }, outputs: { where: 'address of b', fixed: 'text' } });
    expect(lab.outputs()).toEqual(result.outputs);
  });

  it.each(FORMS)('does nothing the second time, and leaves the same state file, %s', async (_, form) => {
    lab.program({ a: { properties: { name: 'a', password: { secret: 'correct horse' } }, ...form } });
    await lab.up();
    const before = lab.stateText();
    lab.calls();
    expect((await lab.up()).changes).toEqual({ same: 1 });
    expect(lab.calls()).toEqual([]);
    expect(lab.stateText()).toBe(before);
  });

  it('updates in place what has changed, and tells which properties', async () => {
    lab.program({ a: { properties: { name: 'a' } }, b: { properties: { name: 'b' } } });
    await lab.up();
    lab.program({ a: { properties: { name: 'a', size: 5 } }, b: { properties: { name: 'b' } } });
    lab.calls();
    expect((await lab.up()).changes).toEqual({ update: 1, same: 1 });
    expect(lab.calls()).toEqual(['update a']);
    expect(lab.objects().a).toMatchObject({ size: 5 });
    expect(lab.events).toContainEqual(
      expect.objectContaining({ operation: 'update', status: 'done', properties: ['size'] }),
    );
  });

  it('replaces: deletes first what cannot outlive it, in reverse order, and makes all of it anew', async () => {
    const program = (name: string) => ({
      a: { properties: { name } },
      b: { properties: { name: 'b', of: { ref: 'a.address' } } },
      c: { properties: { name: 'c', of: { ref: 'b.address' } } },
      beside: { properties: { name: 'beside', note: { ref: 'a.address' } } },
    });
    lab.program(program('a'));
    await lab.up();
    lab.program(program('a2'));
    lab.calls();
    const { changes } = await lab.up();
    const calls = lab.calls();
    expect(calls.slice(0, 5)).toEqual(['delete c', 'delete b', 'delete a', 'create a2', 'create b']);
    expect(calls.slice(5).sort()).toEqual(['create c', 'update beside']);
    expect(changes).toEqual({ replace: 3, update: 1 });
    expect(Object.keys(lab.objects()).sort()).toEqual(['a2', 'b', 'beside', 'c']);
  });

  it('replaces the other way round where the provider allows it: the new one first, the old one last', async () => {
    const program = (name: string) => ({
      a: { properties: { name, deleteFirst: false } },
      b: { properties: { name: 'b', note: { ref: 'a.address' } } },
    });
    lab.program(program('a'));
    await lab.up();
    lab.program(program('a2'));
    lab.calls();
    expect((await lab.up()).changes).toEqual({ replace: 1, update: 1 });
    expect(lab.calls()).toEqual(['create a2', 'update b', 'delete a']);
    expect(lab.state().resources).toHaveLength(2);
  });

  it('deletes what the program no longer has, in reverse order of need, after the rest', async () => {
    lab.program({
      a: { properties: { name: 'a' } },
      b: { properties: { name: 'b', of: { ref: 'a.address' } } },
      c: { properties: { name: 'c' }, options: { after: 'b' } },
    });
    await lab.up();
    lab.program({ d: { properties: { name: 'd' } } });
    lab.calls();
    expect((await lab.up()).changes).toEqual({ create: 1, delete: 3 });
    expect(lab.calls()).toEqual(['create d', 'delete c', 'delete b', 'delete a']);
  });

  it('takes a resource that depended on a replaced one and is gone from the program as deleted', async () => {
    lab.program({ a: { properties: { name: 'a' } }, b: { properties: { name: 'b', of: { ref: 'a.address' } } } });
    await lab.up();
    lab.program({ a: { properties: { name: 'a2' } } });
    lab.calls();
    expect((await lab.up()).changes).toEqual({ replace: 1, delete: 1 });
    expect(lab.calls()).toEqual(['delete b', 'delete a', 'create a2']);
  });

  it('lets components through, with the URNs that the engine gives', async () => {
    lab.program({ a: { properties: { name: 'a' }, options: { in: 'group' } } });
    await lab.up();
    expect(lab.state().resources.map(({ urn }) => urn)).toEqual([
      'urn:pulumi:test::laboratory::tests:Group$pulumi-nodejs:dynamic/file-cloud:Thing::a',
    ]);
  });

  it.each(FORMS)(
    'loads an edited implementation, and takes it for no change, until it is removed, %s',
    async (_, form) => {
      lab.program({ a: { properties: { name: 'a' }, ...form } });
      await lab.up();
      lab.editProvider((source) =>
        source.replace("'address of", "'new address of").replace('`address of', '`new address of'),
      );
      lab.calls();
      expect((await lab.up()).changes).toEqual({ same: 1 });
      lab.program({ a: { properties: { name: 'a', size: 2 }, ...form } });
      await lab.up();
      expect(lab.objects().a).toMatchObject({ address: 'new address of a' });
      expect((await lab.refresh()).changes).toEqual({ same: 1 });
      expect((await lab.destroy()).changes).toEqual({ delete: 1 });
      expect(lab.objects()).toEqual({});
    },
  );

  it.each(FORMS)(
    'keeps little: the source of a provider once, and nothing of it in a resource, %s',
    async (_, form) => {
      lab.program(Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, { properties: { name }, ...form }])));
      await lab.up();
      expect(lab.stateText().split('require(').length - 1).toBe(6);
      expect(lab.stateText().length).toBeLessThan(5_000);
    },
  );
});

describe('options of resources', () => {
  const named = (name: string, options: ThingSpec['options'] = {}, more: ThingSpec['properties'] = {}): ThingSpec => ({
    properties: { name, ...more },
    options,
  });
  const guarded = (protect: boolean, name = 'guarded') => ({ guarded: named(name, { protect }) });

  it('are minded as the engine minds them', async () => {
    const steady = { owner: named('owner'), owned: named('owned', { with: 'owner' }) };
    lab.program({
      kept: named('kept', {}, { size: 1 }),
      swapped: named('swapped', {}, { size: 1, deleteFirst: false }),
      left: named('left', { retainOnDelete: true }),
      old: named('old'),
      ...guarded(true),
      ...steady,
    });
    await lab.up();
    lab.calls();

    lab.program({
      kept: named('kept', { ignoreChanges: ['size'] }, { size: 9 }),
      swapped: named(
        'swapped',
        { replaceOnChanges: ['size'], deleteBeforeReplace: true },
        { size: 2, deleteFirst: false },
      ),
      renamed: named('old', { aliases: [{ name: 'old' }] }),
      ...guarded(true),
      ...steady,
    });
    // `left` leaves the state, not the cloud; `renamed` is found under its old name; `kept` keeps its size.
    expect((await lab.up()).changes).toEqual({ same: 5, replace: 1, delete: 1 });
    expect(lab.calls()).toEqual(['delete swapped', 'create swapped']);
    expect(lab.objects()).toMatchObject({ kept: { size: 1 }, left: {}, old: {} });
    expect(lab.state().resources.map(({ urn }) => urn.split('::').at(-1))).toContain('renamed');

    lab.program({ ...guarded(true, 'another'), ...steady });
    await expect(lab.up()).rejects.toThrow('guarded: it is protected');
    lab.calls();
    await expect(lab.destroy()).rejects.toThrow('guarded: it is protected');
    const calls = lab.calls();
    expect(calls).toContain('delete owner');
    expect(calls).not.toContain('delete owned');
    expect(lab.state().resources.map(({ id }) => id)).toEqual(['guarded']);
    lab.program(guarded(false));
    await lab.up();
    expect((await lab.destroy()).changes).toEqual({ delete: 1 });
  });
});

describe('a replacement by force', () => {
  it('makes anew what has not changed, in the order that the options say, with what cannot outlive it', async () => {
    const options = { deleteBeforeReplace: true };
    lab.program({
      a: { properties: { name: 'a' }, options },
      b: { properties: { name: 'b', of: { ref: 'a.address' } } },
      c: { properties: { name: 'c' } },
    });
    await lab.up();
    lab.calls();
    expect((await lab.preview({ replace: ['a'] })).changes).toEqual({ replace: 2, same: 1 });
    expect((await lab.up({ replace: ['a'] })).changes).toEqual({ replace: 2, same: 1 });
    expect(lab.calls()).toEqual(['delete b', 'delete a', 'create a', 'create b']);
    const urn = lab.state().resources.find(({ id }) => id === 'a')?.urn ?? '';
    expect((await lab.up({ replace: [urn] })).changes).toEqual({ replace: 2, same: 1 });
    expect((await lab.up()).changes).toEqual({ same: 3 });
  });

  it('of a name that nothing has is refused, and deletes nothing', async () => {
    lab.program({ a: { properties: { name: 'a' } }, b: { properties: { name: 'b' } } });
    await lab.up();
    lab.program({ a: { properties: { name: 'a' } } });
    await expect(lab.up({ replace: ['z'] })).rejects.toThrow('there is no resource z to replace');
    expect(Object.keys(lab.objects())).toEqual(['a', 'b']);
  });
});
