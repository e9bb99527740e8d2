import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PackageInputs, PackageOutputs } from '../../infra/openwhisk/src/package/package-inputs';
import * as packages from '../../infra/openwhisk/src/package/package-provider';
import { TestPlatform } from './platform';

const platform = new TestPlatform();
let count = 0;

beforeAll(() => platform.start());
afterAll(() => platform.stop());
beforeEach(() => platform.proxy.reset());

async function made(more: Partial<PackageInputs> = {}) {
  const given: PackageInputs = { connection: platform.connection, name: `p${++count}`, ...more };
  const { id, outs } = await packages.create(given);
  return { given, id, outs: outs as PackageOutputs };
}

describe('a package', () => {
  it('is created, found unchanged, updated in place and deleted', async () => {
    const { given, id, outs } = await made({ parameters: { a: 1 }, annotations: { about: 'x' }, publish: true });
    expect([id, outs.namespace, outs.version]).toEqual([`/guest/${given.name}`, 'guest', '0.0.1']);
    expect((await packages.read(id, outs)).props).toEqual(outs);
    const next = { connection: given.connection, name: given.name };
    expect(await packages.diff(id, outs, next)).toMatchObject({ changes: true, replaces: [] });
    const { outs: after } = await packages.update(id, outs, next);
    const found = await platform.behind.packages.get(given.name);
    expect([found.parameters, found.annotations, found.publish]).toEqual([[], [], false]);
    await packages.delete(id, after as PackageOutputs);
    expect((await packages.read(id, after as PackageOutputs)).id).toBe('');
    await packages.delete(id, after as PackageOutputs);
  });

  it('is not overwritten unless adopted', async () => {
    const name = `p${++count}`;
    await platform.behind.packages.create({ name, package: { parameters: [{ key: 'theirs', value: 1 }] } });
    await expect(made({ name })).rejects.toThrow(
      /already exists and was not created by this resource[\s\S]*adopt: true/,
    );
    const { outs } = await made({ name, adopt: true });
    expect(outs.version).toBe('0.0.2');
    expect((await platform.behind.packages.get(name)).parameters).toEqual([]);
  });

  it('shows drift of its parameters', async () => {
    const { given, id, outs } = await made({ parameters: { a: 1 } });
    await platform.behind.packages.update({ name: given.name, package: { parameters: [{ key: 'a', value: 2 }] } });
    const found = await packages.read(id, outs);
    expect(found.inputs).toMatchObject({ parameters: { a: 2 } });
    expect(await packages.diff(id, found.props as PackageOutputs, given)).toMatchObject({ changes: true });
  });

  it('keeps what a refresh cannot put better', async () => {
    const { id, outs } = await made({ adopt: true });
    expect((await packages.read(id, outs)).inputs).toEqual({
      adopt: true,
      connection: platform.connection,
      name: outs.name,
    });
  });
});

describe('a binding', () => {
  it('does not take the parameters of the bound package for its own', async () => {
    const bound = await made({ parameters: { a: 'package', b: 'package' } });
    const binding = { name: bound.given.name };
    const { given, id, outs } = await made({ binding, parameters: { b: 'binding' } });
    const found = await packages.read(id, outs);
    expect(found.props).toEqual(outs);
    const respelled = { ...given, binding: { ...binding, namespace: 'guest' } };
    expect(await packages.diff(id, outs, respelled)).toMatchObject({ changes: false });
  });

  it('can be pointed elsewhere in place, but not become a package', async () => {
    const [one, two] = [await made(), await made()];
    const { given, id, outs } = await made({ binding: { name: one.given.name } });
    const moved = { ...given, binding: { name: two.given.name } };
    expect(await packages.diff(id, outs, moved)).toMatchObject({ changes: true, replaces: [] });
    const { outs: after } = await packages.update(id, outs, moved);
    expect((await packages.read(id, after as PackageOutputs)).props).toEqual(after);
    const { binding: _, ...plain } = given;
    expect(await packages.diff(id, outs, plain)).toMatchObject({ replaces: ['binding'], deleteBeforeReplace: true });
    const { binding: _before, ...unbound } = outs;
    expect(await packages.diff(id, unbound, given)).toMatchObject({ replaces: ['binding'] });
  });
});
