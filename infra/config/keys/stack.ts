/** Keys of every stack. */
import { z } from 'zod';
import { type ConfigKey, PLATFORMS, type PlatformName, TARGETS, trueOrFalse } from '../key';
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
    needed: TARGETS,
  },
  target: {
    schema: z.enum(TARGETS),
    allowed:
      'local (the local platform, on this machine; the default), existing (an OpenWhisk you have), kubernetes (a cluster you have) ' +
      'or gke (everything new on Google Cloud)',
    example: 'local',
    default: 'local',
    optional: TARGETS,
  },
  platform: {
    schema: z.enum(PLATFORMS),
    allowed: 'openwhisk (the default) or cloudrun (the same conversion as a Cloud Run service)',
    note: 'See [cloudrun/README.md](../cloudrun/README.md).',
    example: 'cloudrun',
    default: 'openwhisk',
    optional: ['local', 'gke'],
  },
  adopt: {
    schema: trueOrFalse,
    allowed:
      'true: take over whatever already has the name of something to create, whoever made it; false (the default): leave ' +
      'alone what this stack did not create',
    note: 'With `false`, the run fails and names what already exists. Set it for one `pulumi up`, then `pulumi config rm adopt`.',
    example: 'true',
    default: 'false',
    optional: TARGETS,
  },
  platformDir: {
    schema: z.string().min(1),
    allowed: 'the data folder of the local platform',
    example: '.pdfmagic',
    default: '.pdfmagic',
    optional: ['local'],
  },
} as const satisfies Record<string, ConfigKey>;

type Read = Reader<keyof typeof STACK_KEYS>;

/** What every stack has. */
export function readStack(read: Read) {
  return { student: read.text('student'), adopt: read.flag('adopt') };
}

/** What the service runs on. */
export function readPlatform(read: Read): PlatformName {
  return read.text('platform') === 'cloudrun' ? 'cloudrun' : 'openwhisk';
}
