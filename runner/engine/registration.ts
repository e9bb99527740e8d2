/** A resource as the program asks for it, and the engine's answer. */
import type { JsonObject } from '../../ground/json';

/** What a program says of a resource (`RegisterResourceRequest` in pulumi/pulumi's `proto/pulumi/resource.proto`). */
export interface Registration {
  readonly urn: string;
  /** URNs under which it may be known from earlier runs. */
  readonly aliases: readonly string[];
  readonly type: string;
  readonly name: string;
  /** False for a component, which only groups others. */
  readonly custom: boolean;
  readonly parent: string | undefined;
  /** Inputs with `__provider`; secrets wrapped, unknowns as the sentinel. */
  readonly inputs: JsonObject;
  /** URNs of all that it depends on, and for each input those that it was made from. */
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deletedWith: string | undefined;
  /** Overrides what the provider's diff says; undefined when the program does not say. */
  readonly deleteBeforeReplace: boolean | undefined;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** Options that this runner does not do, by name. */
  readonly unsupported: readonly string[];
}

/** The answer. With `failed` and `skipped` the program goes on, and all that is not in `properties` is unknown to it. */
export interface Registered {
  readonly status: 'done' | 'failed' | 'skipped';
  /** Empty for a component, and for what does not exist yet. */
  readonly id: string;
  readonly properties: JsonObject;
}

/** The prefix of the type of every dynamic resource (`sdk/nodejs/dynamic/index.ts`). */
const DYNAMIC = 'pulumi-nodejs:dynamic';

/** Whether this runner can do resources of the type. */
export function isDynamic(type: string): boolean {
  return type.startsWith(`${DYNAMIC}:`) || type.startsWith(`${DYNAMIC}/`);
}

/** The type of the stack itself, the parent of all that has no other. */
export const ROOT = 'pulumi:pulumi:Stack';

/** Whether a URN is the stack's own. */
export function isStack(urn: string): boolean {
  return urn.split('::')[2] === ROOT;
}

/** A URN as the engine makes it: parents' types come before the type, except the stack's (`NewURN`, sdk/go/common). */
export function urnOf(stack: string, project: string, parent: string | undefined, type: string, name: string): string {
  const parentType = parent?.split('::')[2];
  const qualified =
    parentType === undefined || parentType === '' || parentType === ROOT ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** Name and type of a resource for people. */
export function describeUrn(urn: string): { name: string; type: string } {
  const [, , qualified = '', ...name] = urn.split('::');
  const type = qualified.split('$').at(-1) ?? '';
  return { name: name.join('::'), type: isDynamic(type) ? type.slice(DYNAMIC.length + 1) : type };
}
