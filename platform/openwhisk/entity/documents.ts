/**
 * The documents of the four kinds of entity, as the store keeps them. Code of actions is kept apart, by `codeId`.
 * Fields follow the entity documents of OpenWhisk's REST API (`WhiskAction`, `WhiskPackage`, `WhiskTrigger`, `WhiskRule` of
 * Apache OpenWhisk); `api/views.ts` makes the JSON of the API of them.
 */
import type { ActionLimits } from '../../invoker/contract';
import type { KeyValue } from '../core';
import { type EntityReference, makeDocumentId } from './names';

interface EntityDocument {
  /** The namespace, with the package for an action in one: `guest`, `guest/pkg`. */
  readonly namespace: string;
  readonly name: string;
  /** Semantic version, `0.0.1`. */
  readonly version: string;
  readonly publish: boolean;
  readonly annotations: readonly KeyValue[];
  /** Milliseconds since the epoch of the last change by a client. */
  readonly updated: number;
  /** Grows with every change by a client: orders two changes in one millisecond. */
  readonly sequence: number;
}

/** An action with code: of a kind, or `blackbox` with an image. */
export interface CodeExec {
  readonly kind: string;
  readonly image?: string;
  readonly binary: boolean;
  readonly main?: string;
  /** Where the code is in the code store; absent for a blackbox action without code. */
  readonly codeId?: string;
}

/** A sequence; its components as document ids. */
export interface SequenceExec {
  readonly kind: 'sequence';
  readonly components: readonly string[];
}

/** What an action runs: its own code, or other actions one after the other. */
export type Exec = CodeExec | SequenceExec;

/** True for a sequence. */
export function isSequence(exec: Exec): exec is SequenceExec {
  return exec.kind === 'sequence' && 'components' in exec;
}

/** `instances` is kept and shown, as OpenWhisk does without its scheduler. */
export interface StoredLimits extends ActionLimits {
  readonly instances?: number;
}

/** An action, at `actions/NAME` or `actions/PACKAGE/NAME` of the REST API. */
export interface ActionDocument extends EntityDocument {
  readonly entityType: 'action';
  readonly exec: Exec;
  readonly parameters: readonly KeyValue[];
  readonly limits: StoredLimits;
  /** New with every write, also after a delete and a new create. */
  readonly revision: string;
}

/** The package that a binding stands for. */
export interface Binding {
  readonly namespace: string;
  readonly name: string;
}

/** A package, or with `binding` a binding of another one; at `packages/NAME` of the REST API. */
export interface PackageDocument extends EntityDocument {
  readonly entityType: 'package';
  readonly binding?: Binding;
  readonly parameters: readonly KeyValue[];
}

/** An inactive rule lets its trigger fire without running its action. */
export type RuleStatus = 'active' | 'inactive';

/** What a trigger knows of one of its rules. */
export interface RuleLink {
  readonly action: EntityReference;
  readonly status: RuleStatus;
}

/** A trigger with what it knows of its rules; at `triggers/NAME` of the REST API. */
export interface TriggerDocument extends EntityDocument {
  readonly entityType: 'trigger';
  readonly parameters: readonly KeyValue[];
  /** By document id of the rule; absent until the first rule. */
  readonly rules?: Readonly<Record<string, RuleLink>>;
}

/** A rule; its status is in its trigger (`RuleLink`). At `rules/NAME` of the REST API. */
export interface RuleDocument extends EntityDocument {
  readonly entityType: 'rule';
  readonly trigger: EntityReference;
  readonly action: EntityReference;
}

/** Any entity; `entityType` tells which. */
export type Entity = ActionDocument | PackageDocument | TriggerDocument | RuleDocument;
/** `action`, `package`, `trigger` or `rule`. */
export type EntityType = Entity['entityType'];

/** The identity of a document: `guest/pkg/a`. */
export function idOf(entity: Entity): string {
  return makeDocumentId({ path: entity.namespace, name: entity.name });
}

/** The next patch version: `0.0.1` to `0.0.2`. */
export function raisePatch(version: string): string {
  const [major = '0', minor = '0', patch = '0'] = version.split('.');
  return `${major}.${minor}.${Number(patch) + 1}`;
}
