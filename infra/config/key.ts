/** What a key of the stack config is, and the forms of value that several keys share. */
import { z } from 'zod';
import type { PlatformName } from '../../contract/ways';

export { PLATFORMS, type PlatformName } from '../../contract/ways';

/** One key of the stack config. */
export interface ConfigKey {
  readonly schema: z.ZodType<string>;
  /** What is allowed, in words: part of errors and of the table in infra/README.md. */
  readonly allowed: string;
  /** What that table says besides, in Markdown: what the value leads to, what it costs. */
  readonly note?: string;
  /** A value for the `pulumi config set` line. */
  readonly example: string;
  readonly secret?: boolean;
  /** For this platform alone; for both when undefined. The targets (targets/) say which keys they take. */
  readonly platform?: PlatformName;
  /** Taken when nothing is set. */
  readonly default?: string;
}

/** Config keys by name, without the `pdfmagic:` before them. */
export type Keys = Readonly<Record<string, ConfigKey>>;

/** A whole number in plain digits. */
export function wholeNumber(min: number, max: number): z.ZodType<string> {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .refine((text) => Number(text) >= min && Number(text) <= max);
}

/** A name of a container image: https://github.com/distribution/reference */
export const imageName = z.string().regex(/^[\w][\w.\-/:@]*$/);

/** A registry and a folder of it, without a tag. */
export const registryFolder = z.string().regex(/^[a-z0-9][a-z0-9.\-:]*(\/[a-z0-9][a-z0-9._-]*)*$/);

export const trueOrFalse = z.enum(['true', 'false']);
export const httpUrl = z.url({ protocol: /^https?$/ });

/** https://cloud.google.com/storage/docs/buckets#naming */
export const bucketName = z.string().regex(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/);

/** Google's service-account key file: https://cloud.google.com/iam/docs/keys-create-delete */
export const serviceAccountKeyJson = z.string().refine((text) => {
  try {
    const key: unknown = JSON.parse(text);
    return z
      .looseObject({ type: z.literal('service_account'), client_email: z.string(), private_key: z.string() })
      .safeParse(key).success;
  } catch {
    return false;
  }
});
