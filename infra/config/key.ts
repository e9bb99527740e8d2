/** What a key of the stack config is, where it applies, and the forms of value that several keys share. */
import { z } from 'zod';
import type { PlatformName } from '../../contract/ways';

export { PLATFORMS, type PlatformName } from '../../contract/ways';

/** Where the service runs: on this machine, on an OpenWhisk you have, on a Kubernetes cluster you have, on a GKE cluster created here. */
export const TARGETS = ['local', 'existing', 'kubernetes', 'gke'] as const;
/** One of {@link TARGETS}. */
export type Target = (typeof TARGETS)[number];

/** Targets away from this machine. */
export const REMOTE = ['existing', 'kubernetes', 'gke'] as const satisfies readonly Target[];
/** Targets that install OpenWhisk on a cluster. */
export const CLUSTERS = ['kubernetes', 'gke'] as const satisfies readonly Target[];
/** Targets whose OpenWhisk API host and buckets you name. */
export const NAMED = ['existing', 'kubernetes'] as const satisfies readonly Target[];

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
  /** For this platform alone; for both when undefined. */
  readonly platform?: PlatformName;
  /** Taken when nothing is set. */
  readonly default?: string;
  /** Targets that cannot do without it, and further ones that take it; for any other target it is a mistake. */
  readonly needed?: readonly Target[];
  readonly optional?: readonly Target[];
}

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
