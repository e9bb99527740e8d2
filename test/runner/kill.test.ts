import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Laboratory, openLaboratory } from './laboratory';

let lab: Laboratory;
beforeEach(() => {
  lab = openLaboratory();
});
afterEach(() => lab.close());

/** Starts a run, waits until the provider is in this call, and kills the run's process. */
async function killIn(call: string, run: () => Promise<unknown>): Promise<void> {
  lab.faults({ [call]: 'hang' });
  const ended = run().then(
    () => 'it ended',
    (error: Error) => error.message,
  );
  await lab.untilHanging();
  process.kill(lab.workerPid(), 'SIGKILL');
  expect(await ended).toContain('was killed by SIGKILL');
  lab.faults({});
  lab.calls();
}

describe('a run that is killed', () => {
  it('in the middle of a create: what was made before is in the state, and the next run takes over what it was making', async () => {
    lab.program({ a: { properties: { name: 'a' } }, b: { properties: { name: 'b', of: { ref: 'a.address' } } } });
    await killIn('create b', () => lab.up());
    expect(lab.state().resources.map(({ id }) => id)).toEqual(['a']);
    expect(lab.state().interruptedCreates.map(({ urn }) => urn)).toEqual([expect.stringMatching(/::b$/)]);
    await expect(lab.up()).rejects.toThrow('b exists already (An earlier run was interrupted while it created this');
    expect((await lab.up({ adoptInput: 'adopt' })).changes).toEqual({ same: 1, create: 1 });
    expect(lab.state().interruptedCreates).toEqual([]);
    expect((await lab.up()).changes).toEqual({ same: 2 });
  });

  it('in the middle of a create that nobody wants any more: destroy finds it', async () => {
    lab.program({ a: { properties: { name: 'a' } } });
    await killIn('create a', () => lab.up());
    expect(Object.keys(lab.objects())).toEqual(['a']);
    await lab.destroy({ adoptInput: 'adopt' });
    expect(lab.objects()).toEqual({});
  });

  it('in the middle of an update: the next one makes it again, even if the program went back', async () => {
    lab.program({ a: { properties: { name: 'a' } } });
    await lab.up();
    lab.program({ a: { properties: { name: 'a', size: 3 } } });
    await killIn('update a', () => lab.up());
    expect(lab.objects().a).toMatchObject({ size: 3 });
    lab.program({ a: { properties: { name: 'a' } } });
    expect((await lab.up()).changes).toEqual({ update: 1 });
    expect(lab.objects().a).toMatchObject({ size: 1 });
  });

  it('in the middle of a delete: the next run finishes it, or makes it again if it is wanted', async () => {
    lab.program({ a: { properties: { name: 'a' } } });
    await lab.up();
    await killIn('delete a', () => lab.destroy());
    expect(lab.state().resources).toHaveLength(1);
    expect((await lab.up()).changes).toEqual({ create: 1 });
    await killIn('delete a', () => lab.destroy());
    expect((await lab.destroy()).changes).toEqual({ delete: 1 });
    expect(lab.state().resources).toEqual([]);
  });

  it('lets nobody else in while it runs, and its lock is no obstacle when it is dead', async () => {
    lab.program({ a: { properties: { name: 'a' } } });
    lab.faults({ 'create a': 'hang' });
    const killed = expect(lab.up()).rejects.toThrow('was killed by SIGKILL');
    await lab.untilHanging();
    await expect(lab.destroy()).rejects.toThrow(/another run is working on this stack \(process \d+\)/);
    await lab.preview();
    process.kill(lab.workerPid(), 'SIGKILL');
    await killed;
    lab.faults({});
    await lab.up({ adoptInput: 'adopt' });
    expect(lab.events).toContainEqual(
      expect.objectContaining({ kind: 'log', text: expect.stringContaining('was killed') }),
    );
  });
});
