/**
 * The calls that change something. Each is written down before it begins and after it has ended, so that a run which is
 * killed in between leaves a state that says what was under way.
 */

import { messageOf } from '../../ground/errors';
import type { Json, JsonObject } from '../../ground/json';
import { markSecrets } from '../state/properties';
import type { ResourceState } from '../state/stack-state';
import { forProvider, fromProvider, type InitFailed, initFailedOf } from './dynamic-provider';
import { isStack, type Registration } from './registration';
import type { Run } from './run';

/** A resource was made or changed, but does not work (Pulumi's InitFailed). It is in the state. */
class NotWorkingError extends Error {}

/** The state of a resource that is to be made: an empty id, and outputs as far as inputs tell them. */
export function draft(registration: Registration, inputs: JsonObject, provider: Json): ResourceState {
  const { parent, deletedWith, protect, retainOnDelete } = registration;
  return {
    urn: registration.urn,
    id: '',
    inputs,
    outputs: inputs,
    provider,
    ...(parent === undefined || isStack(parent) ? {} : { parent }),
    dependencies: [...registration.dependencies],
    propertyDependencies: dropEmpty(registration.propertyDependencies),
    additionalSecretOutputs: [...registration.additionalSecretOutputs],
    ...(protect ? { protect } : {}),
    ...(retainOnDelete ? { retainOnDelete } : {}),
    ...(deletedWith === undefined ? {} : { deletedWith }),
    initErrors: [],
  };
}

/**
 * Makes a resource and puts it into the state; `predecessor`, if there still is one, is marked as replaced with it.
 * @throws NotWorkingError when it was made but does not work; what the provider threw when it was not made
 */
export async function create(run: Run, wanted: ResourceState, predecessor?: ResourceState): Promise<ResourceState> {
  const keep = (made: ResourceState): ResourceState => {
    if (predecessor !== undefined) predecessor.replaced = true;
    forgetInterrupted(run, wanted.urn);
    run.state.resources.push(made);
    run.learn(made);
    run.save();
    return made;
  };
  if (run.preview) return keep(wanted);
  const interrupted = run.state.interruptedCreates.some((entry) => entry.urn === wanted.urn);
  const adopt: JsonObject = interrupted && run.adoptInput !== undefined ? { [run.adoptInput]: true } : {};
  forgetInterrupted(run, wanted.urn);
  run.state.interruptedCreates.push(wanted);
  run.save();
  try {
    const provider = await run.provider(wanted.provider);
    const result = await provider.create({ ...forProvider(wanted.inputs, wanted.provider), ...adopt });
    if (typeof result?.id !== 'string' || result.id === '') throw new Error('the provider returned no id');
    return keep(settle(wanted, result.id, restore(fromProvider(result.outs), wanted, Object.keys(adopt))));
  } catch (error) {
    const half = initFailedOf(error);
    if (half !== undefined) {
      keep(markNotWorking(wanted, half));
      throw new NotWorkingError(describeInitFailed(error, half));
    }
    if (interrupted) throw explainInterruption(error);
    forgetInterrupted(run, wanted.urn);
    run.save();
    throw error;
  }
}

/**
 * Changes a resource in place.
 * @throws NotWorkingError when it was changed but does not work; what the provider threw otherwise
 */
export async function update(run: Run, old: ResourceState, wanted: ResourceState): Promise<ResourceState> {
  const keep = (changed: ResourceState): ResourceState => {
    run.state.resources = run.state.resources.map((resource) => (resource === old ? changed : resource));
    run.learn(changed);
    run.save();
    return changed;
  };
  if (run.preview) return keep({ ...wanted, id: old.id });
  old.unsettled = 'update';
  run.save();
  try {
    const provider = await run.provider(wanted.provider);
    const olds = forProvider(old.outputs, old.provider);
    const result = await provider.update?.(old.id, olds, forProvider(wanted.inputs, wanted.provider));
    return keep(settle(wanted, old.id, fromProvider(result?.outs)));
  } catch (error) {
    const half = initFailedOf(error);
    if (half === undefined) throw error;
    keep(markNotWorking(wanted, half));
    throw new NotWorkingError(describeInitFailed(error, half));
  }
}

/** Removes a resource, in the state too. @throws what the provider threw; the resource stays in the state then */
export async function remove(run: Run, resource: ResourceState, goesWith?: ReadonlySet<string>): Promise<void> {
  const byItself = resource.deletedWith !== undefined && (goesWith?.has(resource.deletedWith) ?? false);
  if (!run.preview && !resource.retainOnDelete && !byItself) {
    resource.unsettled = 'delete';
    run.save();
    const provider = await run.provider(resource.provider);
    await provider.delete?.(resource.id, forProvider(resource.outputs, resource.provider));
  }
  run.drop(resource);
  run.save();
}

function settle(wanted: ResourceState, id: string, outs: JsonObject): ResourceState {
  return { ...wanted, id, outputs: markSecrets(outs, wanted.inputs, wanted.additionalSecretOutputs) };
}

function markNotWorking(wanted: ResourceState, half: InitFailed): ResourceState {
  return { ...settle(wanted, half.id, half.properties), initErrors: [...half.reasons] };
}

function describeInitFailed(error: unknown, half: InitFailed): string {
  const message = messageOf(error);
  return [message, ...half.reasons.filter((reason) => !message.includes(reason))].join('; ');
}

/** Outputs that repeat the inputs which were set for adoption only get the program's values back. */
function restore(outs: JsonObject, wanted: ResourceState, keys: readonly string[]): JsonObject {
  const restored = { ...outs };
  for (const key of keys) {
    const value = wanted.inputs[key];
    if (value === undefined) delete restored[key];
    else if (key in restored) restored[key] = value;
  }
  return restored;
}

function explainInterruption(error: unknown): Error {
  return new Error(
    `${messageOf(error)} (An earlier run was interrupted while it created this; what exists may be what that run created.)`,
  );
}

function forgetInterrupted(run: Run, urn: string): void {
  run.state.interruptedCreates = run.state.interruptedCreates.filter((entry) => entry.urn !== urn);
}

function dropEmpty(dependencies: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(dependencies).flatMap(([key, urns]) => (urns.length === 0 ? [] : [[key, [...urns]]])),
  );
}
