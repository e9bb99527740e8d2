/** What all resources are told. */
import { z } from 'zod';
import { httpUrl } from '../http-url';

/** Where the control API is, and the key for it. */
export const control = z.strictObject({
  /** URL of the platform, without a trailing slash. */
  endpoint: httpUrl,
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
  name: z
    .string()
    .regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be at most 63 lowercase letters, digits and dashes'),
  adopt: z.boolean().optional(),
  annotations: z.record(z.string().min(1), z.string()).optional(),
};

export interface CommonInputs {
  readonly control: Control;
  readonly name: string;
  /** Takes over one of this name that already exists. */
  readonly adopt?: boolean;
  /** Kept by the platform; {@link MARK} is among them. Absent in the state of older versions. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** All inputs of a kind of resource. */
export type InputsSchema = z.ZodObject<typeof commonInputs>;
