import type { CheckFailure, CheckResult } from '@pulumi/pulumi/dynamic';
import { isUnknown } from './unknown';

/** Says what is wrong with a value, or undefined when it is good. */
export type Rule = (value: unknown) => string | undefined;

/** Every input with its rule. */
export type Rules = Readonly<Record<string, Rule>>;

/** The property under which Pulumi keeps a serialized provider in every bag. */
const PROVIDER_KEY = '__provider';

/** Reports every bad input by name at once. What is not known yet is taken to be good. */
export function checkInputs<I extends object>(rules: Rules, inputs: I): CheckResult<I> {
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(inputs));
  const strangers = Object.keys(given).filter((name) => name !== PROVIDER_KEY && !(name in rules));
  const failures: CheckFailure[] = strangers.map((property) => ({ property, reason: 'is not a known property' }));
  for (const [property, rule] of Object.entries(rules)) {
    const reason = isUnknown(given[property]) ? undefined : rule(given[property]);
    if (reason !== undefined) failures.push({ property, reason });
  }
  return failures.length === 0 ? { inputs } : { inputs, failures: failures.map(named) };
}

/** Puts the name into the reason: of a failure with a property Pulumi prints that property's value, secret or not. */
function named({ property, reason }: CheckFailure): CheckFailure {
  return { property: '', reason: `${property}: ${reason}` };
}

/** A text of this form. */
export function text(form: RegExp, description: string): Rule {
  return (value) => {
    if (value === undefined) return 'is missing';
    return typeof value === 'string' && form.test(value) ? undefined : description;
  };
}

/** An `http` or `https` URL. */
export const httpUrl: Rule = (value) => {
  if (value === undefined) return 'is missing';
  const good = typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value);
  return good ? undefined : 'must be a URL that begins with http:// or https://';
};

export const optionalBoolean: Rule = (value) =>
  value === undefined || typeof value === 'boolean' ? undefined : 'must be true or false';

export const optionalText: Rule = (value) =>
  value === undefined || typeof value === 'string' ? undefined : 'must be a text';

/** An object whose values are texts; `form`, if given, holds for keys and values. */
export function optionalTexts(form = /^/, description = 'must be an object of texts'): Rule {
  return (value) => {
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be an object of texts';
    const texts = Object.entries(value).flat();
    return texts.every((entry) => typeof entry === 'string' && form.test(entry)) ? undefined : description;
  };
}

/** Names of the inputs whose values differ, or are not known yet. */
export function changedInputs(names: readonly string[], olds: object, news: object): string[] {
  const [before, after]: Readonly<Record<string, unknown>>[] = [{ ...olds }, { ...news }];
  return names.filter((name) => isUnknown(after?.[name]) || canonical(before?.[name]) !== canonical(after?.[name]));
}

/** JSON whose keys are in order, so that their order does not count. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
