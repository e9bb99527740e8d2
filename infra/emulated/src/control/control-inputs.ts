/** What all resources are told, and the check of inputs. */
import type { CheckResult } from '@pulumi/pulumi/dynamic';
import { z } from 'zod';

/** Where the control API is, and the key for it. */
export const control = z.strictObject({
  /** URL of the platform, without a trailing slash. */
  endpoint: z.url({ protocol: /^https?$/ }),
  /** `UUID:KEY`; a secret. */
  auth: z.string().regex(/^[^\s:]+:\S+$/, 'must be UUID:KEY'),
  /** What to do when nothing answers there, in words. */
  startHint: z.string().optional(),
  /** The platform proves that it knows the key before the key is sent (`@pdfmagic/openwhisk/server-proof`). */
  provesKey: z.boolean().optional(),
});
export type Control = z.infer<typeof control>;

/** The annotation that names the stack and the resource that made it. */
export const MARK = 'pulumi';

/** Of every resource. */
export const commonInputs = {
  control,
  /** A label as in a host name. */
  name: z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be small letters, digits and dashes, at most 63'),
  adopt: z.boolean().optional(),
  annotations: z.record(z.string().min(1), z.string()).optional(),
};

export interface CommonInputs {
  readonly control: Control;
  readonly name: string;
  /** Takes over one of this name that exists already. */
  readonly adopt?: boolean;
  /** Kept by the platform; {@link MARK} is among them. Absent in the state of older versions. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Inputs by name, each with its schema. */
export type Shape = Readonly<Record<string, z.ZodType>>;

/** The property under which Pulumi keeps a serialized provider in every bag. */
const PROVIDER_KEY = '__provider';

/** What the engine sends for a value that is not known yet: `UnknownStringValue` in pulumi's plugin/rpc.go. */
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** True when the value or anything inside it is not known yet. */
export function isUnknown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === UNKNOWN;
  return Object.values(value).some(isUnknown);
}

/** Reports every bad input by name at once, never with its value: one is a secret. What is not known yet is taken to be good. */
export function checkInputs<I extends object>(shape: Shape, inputs: I): CheckResult<I> {
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(inputs));
  const strangers = Object.keys(given).filter((name) => name !== PROVIDER_KEY && !(name in shape));
  const reasons = strangers.map((name) => `${name}: is not a known property`);
  for (const [name, schema] of Object.entries(shape)) {
    if (isUnknown(given[name])) continue;
    const result = schema.safeParse(given[name]);
    if (!result.success) {
      reasons.push(...result.error.issues.map(({ path, message }) => `${[name, ...path].join('.')}: ${message}`));
    }
  }
  // Of a failure with a property Pulumi prints that property's value.
  const failures = reasons.map((reason) => ({ property: '', reason }));
  return failures.length === 0 ? { inputs } : { inputs, failures };
}
