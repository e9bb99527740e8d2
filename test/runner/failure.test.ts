import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StackError } from '../../runner';
import { type Laboratory, openLaboratory } from './laboratory';

let lab: Laboratory;
beforeEach(() => {
  lab = openLaboratory();
});
afterEach(() => lab.close());

/** The error of a run that has to fail. */
async function failureOf(run: Promise<unknown>): Promise<StackError> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StackError)) throw new Error(`expected a StackError, got ${String(error)}`);
  return error;
}

const THINGS = {
  a: { properties: { name: 'a' } },
  b: { properties: { name: 'b', of: { ref: 'a.address' } } },
  c: { properties: { name: 'c', of: { ref: 'b.address' } } },
  beside: { properties: { name: 'beside' } },
};

describe('a run in which something fails', () => {
  it('skips what needs the failed one, does the rest, deletes nothing, and goes on the next time', async () => {
    lab.program({ gone: { properties: { name: 'gone' } } }, { before: 'kept' });
    await lab.up();
    lab.program(THINGS, { where: { ref: 'c.address' } });
    lab.faults({ 'create b': 'refuse' });
    lab.calls();
    const error = await failureOf(lab.up());
    expect(error.failures).toEqual([{ urn: expect.stringMatching(/::b$/), message: 'the cloud refuses to create b' }]);
    expect(error.message).toBe('b: the cloud refuses to create b');
    expect(lab.events).toContainEqual(
      expect.objectContaining({ name: 'c', status: 'skipped', message: expect.stringContaining('it needs b') }),
    );
    expect(Object.keys(lab.objects()).sort()).toEqual(['a', 'beside', 'gone']);
    expect(lab.outputs()).toEqual({ before: 'kept' });

    lab.faults({});
    lab.calls();
    expect((await lab.up()).changes).toEqual({ create: 2, same: 2, delete: 1 });
    expect(lab.calls()).toEqual(['create b', 'create c', 'delete gone']);
    expect(lab.outputs()).toEqual({ where: 'address of c' });
  });

  it('reports every bad property of every resource', async () => {
    lab.program({
      a: { properties: { name: 7, size: -1 } },
      b: { properties: { name: 'b', size: 0 } },
      c: { properties: { name: 'forbidden' } },
    });
    const { failures } = await failureOf(lab.up());
    expect(Object.fromEntries(failures.map(({ urn, message }) => [urn?.split('::').at(-1), message]))).toEqual({
      a: 'name: must be a text; size: must be above 0',
      b: 'size: must be above 0',
      c: 'the cloud takes no such thing',
    });
    expect(lab.calls()).toEqual([]);
  });

  it('keeps what was made but does not work (InitFailed), and mends it the next time', async () => {
    lab.program({ a: { properties: { name: 'a' } } });
    lab.faults({ 'create a': 'half' });
    const error = await failureOf(lab.up());
    expect(error.message).toBe('a: a was made, but is not well; a does not start');
    expect(lab.state().resources).toMatchObject([{ id: 'a', initErrors: ['a does not start'] }]);
    lab.faults({ 'update a': 'half' });
    lab.calls();
    await failureOf(lab.up());
    lab.faults({});
    expect((await lab.up()).changes).toEqual({ update: 1 });
    expect(lab.calls()).toEqual(['update a', 'update a']);
    expect(lab.state().resources[0]?.initErrors).toEqual([]);
  });

  it('looks at a resource whose update failed before it decides again', async () => {
    lab.program({ a: { properties: { name: 'a' } } });
    await lab.up();
    lab.program({ a: { properties: { name: 'a', size: 3 } } });
    lab.faults({ 'update a': 'refuse' });
    await failureOf(lab.up());
    lab.faults({});
    lab.setObjects({});
    lab.calls();
    expect((await lab.up()).changes).toEqual({ create: 1 });
    expect(lab.calls()).toEqual(['read a', 'create a']);
  });

  it('keeps what cannot be deleted, and what that needs', async () => {
    lab.program({ ...THINGS });
    await lab.up();
    lab.faults({ 'delete b': 'refuse' });
    lab.calls();
    await failureOf(lab.destroy());
    expect(Object.keys(lab.objects()).sort()).toEqual(['a', 'b']);
    expect(lab.state().resources.map(({ id }) => id)).toEqual(['a', 'b']);
    lab.faults({});
    await lab.destroy();
    expect(lab.objects()).toEqual({});
    expect(lab.state()).toMatchObject({ resources: [], outputs: {} });
  });

  it('survives a replacement that fails in the middle', async () => {
    lab.program({ a: { properties: { name: 'a' } }, b: { properties: { name: 'b', of: { ref: 'a.address' } } } });
    await lab.up();
    lab.program({ a: { properties: { name: 'a2' } }, b: { properties: { name: 'b', of: { ref: 'a.address' } } } });
    lab.faults({ 'create a2': 'refuse' });
    await failureOf(lab.up());
    expect(lab.state().resources).toEqual([]);
    lab.faults({});
    expect((await lab.up()).changes).toEqual({ create: 2 });
    expect(Object.keys(lab.objects()).sort()).toEqual(['a2', 'b']);
  });

  it('ends after the step under way when it is asked to', async () => {
    const stop = new AbortController();
    lab.program(THINGS);
    lab.faults({ 'create a': 'wait' });
    const run = lab.up({ signal: stop.signal });
    const failure = failureOf(run);
    await lab.untilHanging();
    stop.abort();
    await lab.untilLogged('the run stops after the current step');
    lab.go();
    expect((await failure).message).toContain('The run was stopped before it finished');
    const made = Object.keys(lab.objects());
    expect(made.length).toBeLessThan(4);
    expect(
      lab
        .state()
        .resources.map(({ id }) => id)
        .sort(),
    ).toEqual(made.sort());
    expect((await lab.up()).changes).toEqual({ same: made.length, create: 4 - made.length });
  });
});

describe('a program that cannot be applied', () => {
  const header = `import * as pulumi from '@pulumi/pulumi';\n`;

  it('is told from a program that wants nothing: what exists stays', async () => {
    lab.program({ a: { properties: { name: 'a' } } });
    await lab.up();
    lab.source(`${header}throw new pulumi.RunError('the config is wrong');`);
    expect((await failureOf(lab.up())).message).toBe('the config is wrong');
    lab.source(`${header}pulumi.output(1).apply(() => { throw new Error('in an apply'); });`);
    expect((await failureOf(lab.up())).message).toContain('in an apply');
    lab.source(`${header}module.exports = () => new Promise(() => undefined);`);
    expect((await failureOf(lab.up())).message).toContain('waiting for a promise that never resolves');
    lab.source(`${header}process.exit(0);`);
    expect((await failureOf(lab.up())).message).toContain('before it finished');
    lab.source('const x: string = ;');
    expect((await failureOf(lab.up())).message).toContain('index.ts');
    expect(Object.keys(lab.objects())).toEqual(['a']);
    expect(lab.state().resources).toHaveLength(1);
  });

  it('may make resources in any later turn of the event loop', async () => {
    lab.program({ a: { properties: { name: 'a' } } });
    await lab.up();
    lab.late();
    expect((await lab.up()).changes).toEqual({ same: 1 });
  });

  it('is refused what only a real engine does, by name', async () => {
    lab.program({
      bucket: { type: 'gcp:storage/bucket:Bucket', properties: { name: 'x' } },
      twice: { properties: { name: 'a' }, options: { import: 'a' } },
      timed: { properties: { name: 'b' }, options: { customTimeouts: { create: '5m' } } },
      hidden: { properties: { name: 'c' }, options: { hideDiffs: ['name'] } },
      versioned: { properties: { name: 'd' }, options: { version: '1.0.0' } },
    });
    const { message } = await failureOf(lab.up());
    expect(message).toContain(
      'bucket: this runner supports dynamic resources only, not resources of type gcp:storage/bucket:Bucket',
    );
    expect(message).toContain('twice: this runner supports dynamic resources only, not import');
    expect(message).toContain('timed: this runner supports dynamic resources only, not customTimeouts');
    expect(message).toContain('hidden: this runner supports dynamic resources only, not hideDiffs');
    expect(message).toContain('versioned: this runner supports dynamic resources only, not version');
    expect(lab.objects()).toEqual({});
    expect(message).toContain('pulumi up');
    lab.source(`${header}new pulumi.StackReference('other');`);
    expect((await failureOf(lab.up())).message).toContain('pulumi up');
    lab.source(`${header}module.exports = { x: pulumi.output(pulumi.runtime.invoke('gcp:x:y', {})) };`);
    expect((await failureOf(lab.up())).message).toContain('the function gcp:x:y needs a real Pulumi engine');
  });
});

describe('a state that cannot be used', () => {
  it('is refused, and left as it is', async () => {
    lab.program({ a: { properties: { name: 'a', password: { secret: 'correct horse' } } } });
    await lab.up();
    const good = lab.stateText();
    lab.writeState(good.slice(0, 100));
    expect((await failureOf(lab.up())).message).toContain('is not a state that this version can read');
    expect(lab.stateText()).toBe(good.slice(0, 100));
    lab.writeState(good);
    await expect(lab.up({ project: 'another' })).rejects.toThrow('is the state of project laboratory');
    lab.loseKey();
    expect((await failureOf(lab.up())).message).toContain('secrets.key is missing');
    expect(lab.stateText()).toBe(good);
    expect(() => lab.outputs()).toThrow('secrets.key is missing');
  });
});
