/** Target `local`: a stack on the local platform. */
import { z } from 'zod';
import type { ConfigKey } from '../key';
import { PLATFORM_KEYS, readPlatform } from '../keys/stack';
import { readLoss, STORAGE_KEYS } from '../keys/storage';
import { defineTarget } from '../target';

const LOCAL_KEYS = {
  platformDir: {
    schema: z.string().min(1),
    allowed: 'the data folder of the local platform',
    example: '.pdfmagic',
    default: '.pdfmagic',
  },
} as const satisfies Record<string, ConfigKey>;

export const local = defineTarget({
  is: 'the local platform, on this machine; the default',
  keys: { ...PLATFORM_KEYS, ...LOCAL_KEYS, forceDestroy: STORAGE_KEYS.forceDestroy },
  needed: [],
  read: (read) => ({
    platform: readPlatform(read),
    /** Data folder of the platform, relative to the project. */
    platformDir: read.text('platformDir'),
    loss: readLoss(read),
  }),
});
