/** What a stack's state holds, in memory. */
import type { Json, JsonObject } from '../../ground/json';

/** Which call to a provider may have been cut short, or has failed: what is really there is not known. */
export type Unsettled = 'update' | 'delete';

/** One resource that exists, as the last run left it. Secrets are wrapped (properties.ts). */
export interface ResourceState {
  /** `urn:pulumi:STACK::PROJECT::TYPE::NAME`. */
  urn: string;
  /** What the provider calls it. */
  id: string;
  /** Checked inputs, without `__provider`. */
  inputs: JsonObject;
  /** Outputs of the last create, update or read, without `__provider`. */
  outputs: JsonObject;
  /** The serialized provider: source text, or that text as a secret when the provider captured one. */
  provider: Json;
  parent?: string;
  dependencies: string[];
  /** The URNs that each input was made from. */
  propertyDependencies: Record<string, string[]>;
  additionalSecretOutputs: string[];
  protect?: boolean;
  retainOnDelete?: boolean;
  deletedWith?: string;
  /** Why it was made but does not work (Pulumi's InitFailed); empty when all is well. */
  initErrors: string[];
  unsettled?: Unsettled;
  /** It was replaced and is still to be deleted. */
  replaced?: boolean;
}

/** The state of a stack. */
export interface StackState {
  project: string;
  stack: string;
  /** In the order they were made. */
  resources: ResourceState[];
  /** What was being made when a run was killed: as a resource, with an empty id. Nobody knows whether it exists. */
  interruptedCreates: ResourceState[];
  /** The stack's outputs; secrets wrapped. */
  outputs: JsonObject;
}

/** The state of a stack that has not been deployed. */
export function emptyState(project: string, stack: string): StackState {
  return { project, stack, resources: [], interruptedCreates: [], outputs: {} };
}

/** URNs that a resource needs: they are made before it and deleted after it. */
export function requirements(resource: ResourceState): string[] {
  const { parent, deletedWith } = resource;
  return [
    ...resource.dependencies,
    ...Object.values(resource.propertyDependencies).flat(),
    ...(parent === undefined ? [] : [parent]),
    ...(deletedWith === undefined ? [] : [deletedWith]),
  ];
}
