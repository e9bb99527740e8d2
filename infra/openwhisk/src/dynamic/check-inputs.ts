import type { CheckFailure, CheckResult } from '@pulumi/pulumi/dynamic';
import type { z } from 'zod';
import { isUnknown, valuesAlong } from './unknown';

/** The property under which Pulumi keeps a serialized provider in every bag. */
const PROVIDER_KEY = '__provider';

/** A property bag without Pulumi's own entry. */
export function ownProperties(bag: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(bag).filter(([key]) => key !== PROVIDER_KEY));
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
  const result = schema.safeParse(own);
  const faults = result.success ? [] : result.error.issues.flatMap((issue) => failuresOf(issue, own));
  const failures = [...faults, ...together(own)].map(named);
  return failures.length === 0 ? { inputs } : { inputs, failures };
}

/**
 * Puts the name into the reason. Of a failure with a property Pulumi prints that property's value, secret or not
 * (`issueCheckFailures` in pulumi/pkg/resource/deploy/step_generator.go).
 */
function named({ property, reason }: CheckFailure): CheckFailure {
  return { property: '', reason: `${property}: ${reason}` };
}

function failuresOf(issue: z.core.$ZodIssue, bag: unknown): CheckFailure[] {
  const along = valuesAlong(bag, issue.path);
  if (along.some(isUnknown)) return [];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ property: nameOf([...issue.path, key]), reason: 'is not a known property' }));
  }
  const missing = issue.path.length > 0 && along[issue.path.length - 1] === undefined;
  return [{ property: nameOf(issue.path), reason: missing ? 'is missing' : issue.message }];
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
