import { isDeepStrictEqual } from 'node:util';
import { hasUnknown } from './unknown';

/** How one input counts when old state and new inputs are compared. */
export interface ComparedInput {
  /** Brings a value into its one form: defaults filled in, equal spellings made one. Must accept unknown values. */
  readonly canonical?: (value: unknown, all: Readonly<Record<string, unknown>>) => unknown;
}

/**
 * Names of the inputs whose canonical forms differ, or are not known yet. The order of keys does not count.
 *
 * @param rules Every input that is compared.
 */
export function changedInputs(rules: Readonly<Record<string, ComparedInput>>, olds: object, news: object): string[] {
  const [before, after]: Readonly<Record<string, unknown>>[] = [{ ...olds }, { ...news }];
  return Object.entries(rules)
    .filter(([name, { canonical = (value: unknown) => value }]) => {
      const next = canonical(after?.[name], after ?? {});
      return hasUnknown(next) || !isDeepStrictEqual(canonical(before?.[name], before ?? {}), next);
    })
    .map(([name]) => name);
}
