import type { DiffResult } from '@pulumi/pulumi/dynamic';
import { compareConnections, type KnownConnection } from '../connection/connection';
import { type ComparedInput, changedInputs } from '../dynamic/changed-inputs';

/** How one input counts when old state and new inputs are compared. */
export interface PropertyRule extends ComparedInput {
  /** True, or a rule, when a change makes it another entity, which must replace the old one. An unknown value does too. */
  readonly identity?: boolean | ((old: unknown, next: unknown) => boolean);
}

/** The inputs of a resource that OpenWhisk knows about; the connection and `adopt` are not among them. */
export type PropertyRules = Readonly<Record<string, PropertyRule>>;

/**
 * Compares the state of a resource with its new inputs. Names clash, so what must be replaced is deleted first.
 *
 * @param extraReplaces Further properties that force a replacement, found by the caller.
 */
export function compareEntities(
  rules: PropertyRules,
  olds: object,
  news: object,
  extraReplaces: readonly string[] = [],
): DiffResult {
  const [before, after] = [olds as Record<string, unknown>, news as Record<string, unknown>];
  const changed = findChangedProperties(rules, before, after);
  const replaces = new Set(extraReplaces);
  for (const name of changed) {
    const identity = rules[name]?.identity ?? false;
    const replacing = typeof identity === 'function' ? identity(before[name], after[name]) : identity;
    if (replacing) replaces.add(name);
  }
  const connection = compareConnections(
    before.connection as KnownConnection | undefined,
    after.connection as KnownConnection,
    before.namespace as string | undefined,
  );
  if (connection === 'replace') replaces.add('connection');
  // Without a version the create was accepted but never confirmed: an update has to look.
  const unconfirmed = before.version === undefined;
  const changes = changed.length > 0 || replaces.size > 0 || connection !== 'same' || unconfirmed;
  return { changes, replaces: [...replaces], deleteBeforeReplace: true };
}

/** Names of the properties whose canonical forms differ. The real namespace is known from the state only. */
export function findChangedProperties(rules: PropertyRules, olds: object, news: object): string[] {
  const namespace = 'namespace' in olds ? olds.namespace : undefined;
  return changedInputs(rules, olds, { ...news, namespace });
}
