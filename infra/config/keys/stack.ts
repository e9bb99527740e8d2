/** Keys of every stack, and the one of targets with a choice of platform. */
import { z } from 'zod';
import { type ConfigKey, PLATFORMS, type PlatformName, trueOrFalse } from '../key';
import type { Reader } from '../reader';

export const STACK_KEYS = {
  student: {
    schema: z
      .string()
      .regex(/^[a-z]([a-z0-9-]{0,49}[a-z0-9])?$/)
      .refine((name) => !name.startsWith('goog') && !name.includes('google')),
    allowed: 'a DNS label of at most 51 characters (a-z, 0-9, -; starts with a letter; no "google"), unique in the lab',
    note: 'On `local`, the buckets are called STUDENT-convert-in and STUDENT-convert-out; on `gke` a random suffix follows. Labels and the API carry the name, too.',
    example: 'ada',
  },
  adopt: {
    schema: trueOrFalse,
    allowed:
      'true: take over whatever already has the name of something to create, whoever made it; false (the default): leave ' +
      'alone what this stack did not create',
    note: 'With `false`, the run fails and names what already exists. Set it for one `pulumi up`, then `pulumi config rm adopt`.',
    example: 'true',
    default: 'false',
  },
} as const satisfies Record<string, ConfigKey>;

export const PLATFORM_KEYS = {
  platform: {
    schema: z.enum(PLATFORMS),
    allowed: 'openwhisk (the default) or cloudrun (the same conversion as a Cloud Run service)',
    note: 'See [cloudrun/README.md](../cloudrun/README.md).',
    example: 'cloudrun',
    default: 'openwhisk',
  },
} as const satisfies Record<string, ConfigKey>;

/** What every stack has. */
export function readStack(read: Reader<keyof typeof STACK_KEYS>) {
  return { student: read.text('student'), adopt: read.flag('adopt') };
}

/** What the service runs on. */
export function readPlatform(read: Reader<keyof typeof PLATFORM_KEYS>): PlatformName {
  return read.text('platform') === 'cloudrun' ? 'cloudrun' : 'openwhisk';
}
