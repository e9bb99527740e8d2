/** What has to be done to a resource, as the engine decides it (`pkg/resource/deploy/step_generator.go`). */
import type { Json, JsonObject } from '../../ground/json';
import { changedKeys, markSecrets, UNKNOWN } from '../state/properties';
import { type ResourceState, requirements } from '../state/stack-state';
import { forProvider, fromProvider, PROVIDER_KEY, type Provider } from './dynamic-provider';
import type { Registration } from './registration';
import type { Run } from './run';

/** Nothing, a change in place, or a new one for the old one. */
export type Decision =
  | { readonly kind: 'same' }
  | { readonly kind: 'update'; readonly properties: readonly string[] }
  | { readonly kind: 'replace'; readonly properties: readonly string[]; readonly deleteFirst: boolean };

/** The inputs that count: the program's, those under `ignoreChanges` as they were. @throws Error for a nested path */
export function effectiveInputs(registration: Registration, news: JsonObject, olds?: JsonObject): JsonObject {
  const inputs = { ...news };
  for (const key of registration.ignoreChanges) {
    if (/[.[\]*]/.test(key)) throw new Error(`ignoreChanges: this runner takes names of properties, not ${key}`);
    if (olds === undefined) continue;
    const old = olds[key];
    if (old === undefined) delete inputs[key];
    else inputs[key] = old;
  }
  return inputs;
}

/** Has the provider check the inputs. @returns what it makes of them @throws Error with all that it finds wrong */
export async function check(
  provider: Provider,
  news: JsonObject,
  serialized: Json,
  old?: ResourceState,
): Promise<JsonObject> {
  if (provider.check === undefined) return news;
  const olds = old === undefined ? {} : forProvider(old.inputs, old.provider);
  const result = await provider.check(olds, forProvider(news, serialized));
  const failures = result.failures ?? [];
  if (failures.length > 0) throw new Error(failures.map(describeFailure).join('; '));
  return result.inputs === undefined ? news : markSecrets(fromProvider(result.inputs), news);
}

/** A failure of a check; one that is about the resource as a whole has no property. */
function describeFailure({ property, reason }: { readonly property?: string; readonly reason: string }): string {
  return property ? `${property}: ${reason}` : reason;
}

/** Compares what is there with what is wanted. */
export async function decide(
  provider: Provider,
  old: ResourceState,
  inputs: JsonObject,
  registration: Registration,
): Promise<Decision> {
  const wanted = forProvider(inputs, registration.inputs[PROVIDER_KEY] ?? '');
  const diff = (await provider.diff?.(old.id, forProvider(old.outputs, old.provider), wanted)) ?? {};
  const changed = changedKeys(old.inputs, inputs);
  if (!(diff.changes ?? changed.length > 0))
    return old.initErrors.length > 0 ? { kind: 'update', properties: [] } : { kind: 'same' };
  const { replaceOnChanges } = registration;
  const forced = replaceOnChanges.includes('*') ? changed : changed.filter((key) => replaceOnChanges.includes(key));
  const replaces = [...new Set([...(diff.replaces ?? []), ...forced])];
  if (replaces.length === 0) return { kind: 'update', properties: changed };
  const deleteFirst = registration.deleteBeforeReplace ?? diff.deleteBeforeReplace ?? false;
  return { kind: 'replace', properties: replaces, deleteFirst };
}

/** A replacement that somebody asked for, in the order that the resource's options say. */
export function forceReplacement({ deleteBeforeReplace }: Registration): Decision & { kind: 'replace' } {
  return { kind: 'replace', properties: ['id'], deleteFirst: deleteBeforeReplace ?? false };
}

/**
 * The resources that cannot outlive `root` when it is deleted to be made anew: those whose provider says that they must
 * be replaced when the properties made from `root` (or from one of them) become unknown.
 * @returns them, each after what it depends on
 */
export async function dependentsToReplace(run: Run, root: ResourceState): Promise<ResourceState[]> {
  const leaving = new Set([root.urn]);
  const dependents: ResourceState[] = [];
  for (const resource of inOrderOfNeed(run.state.resources)) {
    if (resource === root || resource.replaced) continue;
    const touched = Object.entries(resource.propertyDependencies)
      .filter(([, urns]) => urns.some((urn) => leaving.has(urn)))
      .map(([key]) => key);
    if (touched.length === 0) continue;
    const provider = await run.provider(resource.provider);
    const unknown = Object.fromEntries(touched.map((key) => [key, UNKNOWN]));
    const news = forProvider({ ...resource.inputs, ...unknown }, resource.provider);
    const diff = await provider.diff?.(resource.id, forProvider(resource.outputs, resource.provider), news);
    if (!diff?.changes || !diff.replaces?.length) continue;
    leaving.add(resource.urn);
    dependents.push(resource);
  }
  return dependents;
}

/** The resources in an order in which each comes after all that it needs. */
export function inOrderOfNeed(resources: readonly ResourceState[]): ResourceState[] {
  const byUrn = new Map<string, ResourceState[]>();
  for (const resource of resources) byUrn.set(resource.urn, [...(byUrn.get(resource.urn) ?? []), resource]);
  const ordered = new Set<ResourceState>();
  const visiting = new Set<ResourceState>();
  const visit = (resource: ResourceState): void => {
    if (ordered.has(resource) || visiting.has(resource)) return;
    visiting.add(resource);
    for (const urn of requirements(resource)) for (const needed of byUrn.get(urn) ?? []) visit(needed);
    ordered.add(resource);
  };
  for (const resource of resources) visit(resource);
  return [...ordered];
}
