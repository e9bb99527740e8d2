import type { CheckFailure, CheckResult } from '@pulumi/pulumi/dynamic';
import type { z } from 'zod';
import { isUnknown, listValuesAlong } from './unknown';

/** The property under which Pulumi keeps a serialized provider in every bag. */
const PROVIDER_KEY = '__provider';

/** A property bag without Pulumi's own entry, and without what is left out. */
export function ownProperties(bag: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(bag).filter(([key, value]) => key !== PROVIDER_KEY && value !== undefined));
}

/** The named properties of a bag that are there: inputs out of outputs. */
export function pick(bag: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(bag).filter(([name, value]) => names.includes(name) && value !== undefined));
}

/**
 * Validates inputs and reports every bad property at once, by name; never the value, which may be a secret. A property
 * whose value is not known yet is taken to be good.
 *
 * @param schema Form of each property by itself.
 * @param inputs The new inputs, as Pulumi hands them over.
 * @param together Rules between properties; also run when the schema found faults, so it must not trust the inputs.
 */
export function checkInputs<I extends object>(
  schema: z.ZodType,
  inputs: I,
  together: (inputs: Record<string, unknown>) => readonly CheckFailure[] = () => [],
): CheckResult<I> {
  const own = ownProperties(inputs);
  const issues = schema.safeParse(own).error?.issues ?? [];
  const faults = issues.flatMap((issue) => failuresOf(issue, own));
  const failures = [...findStrangers(issues), ...faults, ...together(own)].map(withName);
  return failures.length === 0 ? { inputs } : { inputs, failures };
}

/**
 * Puts the name into the reason. Of a failure with a property Pulumi prints that property's value, secret or not
 * (`issueCheckFailures` in pulumi/pkg/resource/deploy/step_generator.go).
 */
function withName({ property, reason }: CheckFailure): CheckFailure {
  return { property: '', reason: `${property}: ${reason}` };
}

/** Properties that nobody knows; first, for a misspelled name explains what is missing. */
function findStrangers(issues: readonly z.core.$ZodIssue[]): CheckFailure[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ property: nameOf([...issue.path, key]), reason: 'is not a known property' }))
      : [],
  );
}

function failuresOf(issue: z.core.$ZodIssue, bag: unknown): CheckFailure[] {
  const along = listValuesAlong(bag, issue.path);
  if (issue.code === 'unrecognized_keys' || along.some(isUnknown)) return [];
  const missing = issue.path.length > 0 && along[issue.path.length - 1] === undefined;
  // Of a bad key the issue itself says no more than that it is bad.
  const message = (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message;
  return [{ property: nameOf(issue.path), reason: missing ? 'is missing' : message }];
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
