/** Deletes resources, each before what it needs: those that left the program, those that were replaced, or all. */
import { type ResourceState, requirements } from '../state/stack-state';
import { inOrderOfNeed } from './plan';
import type { Run } from './run';
import { create, remove } from './steps';

/**
 * Deletes these resources in reverse order of need. When one cannot be deleted, what it needs stays too; the rest goes on.
 */
export async function deleteAll(run: Run, doomed: readonly ResourceState[]): Promise<void> {
  const urns = new Set(doomed.map((resource) => resource.urn));
  const needed = new Map<string, string>();
  for (const resource of inOrderOfNeed(run.state.resources).reverse()) {
    if (!doomed.includes(resource)) continue;
    const keep = (): void => {
      for (const urn of requirements(resource)) needed.set(urn, resource.urn);
    };
    const stays = needed.get(resource.urn);
    if (run.cancelled || stays !== undefined) {
      keep();
      run.skip(resource.urn, 'delete', run.cancelled ? 'the run was stopped' : `${stays} still exists and needs it`);
      continue;
    }
    run.begin(resource.urn, 'delete');
    try {
      if (resource.protect) throw protectedError();
      await remove(run, resource, urns);
      if (resource.replaced) run.end(resource.urn, 'delete');
      else run.done(resource.urn, 'delete');
    } catch (error) {
      keep();
      run.fail(resource.urn, 'delete', error);
    }
  }
}

/** What is protected is neither deleted nor replaced. */
export function protectedError(): Error {
  return new Error('it is protected. Remove `protect` from it in the program and run `up` first.');
}

/**
 * Finds out about creates that a killed run left, of resources that are to go: takes over what is there, so that it is
 * deleted with the rest. Without `adoptInput` nobody can, and a warning says what to look at.
 */
export async function settleInterruptedCreates(run: Run, isDoomed: (urn: string) => boolean): Promise<void> {
  for (const entry of run.state.interruptedCreates.filter(({ urn }) => isDoomed(urn))) {
    if (run.adoptInput === undefined) {
      run.state.interruptedCreates = run.state.interruptedCreates.filter((other) => other !== entry);
      run.log(
        'warning',
        `a run was interrupted while it created ${entry.urn}; check whether it exists, and delete it by hand.`,
      );
      run.save();
      continue;
    }
    try {
      await create(run, entry);
    } catch (error) {
      run.fail(entry.urn, 'delete', error);
    }
  }
}

/** `destroy`: deletes all, and forgets the outputs when nothing is left. */
export async function destroy(run: Run): Promise<void> {
  await settleInterruptedCreates(run, () => true);
  await deleteAll(run, run.state.resources);
  if (run.state.resources.length === 0) run.state.outputs = {};
  run.save();
}
