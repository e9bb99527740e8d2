import { sameJson } from '../json';
import type { PropertyRules } from './entity-difference';

/**
 * Lays what a refresh found over what the state had: a property keeps its old spelling (or absence) while it means the
 * same, so that an unchanged entity leaves an unchanged state.
 */
export function refreshed<I extends object>(rules: PropertyRules, previous: I, found: object): I {
  const old = previous as Record<string, unknown>;
  const actual: Record<string, unknown> = { ...found, namespace: old.namespace };
  const merged: Record<string, unknown> = { ...old };
  for (const [name, rule] of Object.entries(rules)) {
    const canonical = rule.canonical ?? ((value: unknown) => value);
    if (!sameJson(canonical(old[name], old), canonical(actual[name], actual))) merged[name] = actual[name];
  }
  return merged as I;
}
