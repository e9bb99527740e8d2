/** Keys of every stack. */
import { z } from 'zod';
import { type ConfigKey, PLATFORMS, TARGETS, trueOrFalse } from '../key';

export const STACK_KEYS = {
  student: {
    schema: z
      .string()
      .regex(/^[a-z]([a-z0-9-]{0,49}[a-z0-9])?$/)
      .refine((name) => !name.startsWith('goog') && !name.includes('google')),
    allowed: 'a DNS label of at most 51 characters (a-z, 0-9, -; starts with a letter; no "google"), unique in the lab',
    example: 'ada',
    needed: TARGETS,
    optional: [],
  },
  target: {
    schema: z.enum(TARGETS),
    allowed:
      'local (an OpenWhisk on this machine, the default), existing (an OpenWhisk you have), kubernetes (a cluster you have) ' +
      'or gke (a cluster made on Google Cloud)',
    example: 'local',
    default: 'local',
    needed: [],
    optional: TARGETS,
  },
  platform: {
    schema: z.enum(PLATFORMS),
    allowed: 'openwhisk (the default) or cloudrun (the same conversion as a Cloud Run service)',
    example: 'cloudrun',
    default: 'openwhisk',
    needed: [],
    optional: ['local', 'gke'],
  },
  adopt: {
    schema: trueOrFalse,
    allowed:
      'true: whatever has the name of something that is to be made is taken over, whoever made it; false, the default: it is left ' +
      'alone, unless this stack made it',
    example: 'true',
    default: 'false',
    needed: [],
    optional: TARGETS,
  },
  platformDir: {
    schema: z.string().min(1),
    allowed: 'the data folder of the platform on this machine',
    example: '.pdfmagic',
    default: '.pdfmagic',
    needed: [],
    optional: ['local'],
  },
} as const satisfies Record<string, ConfigKey>;
