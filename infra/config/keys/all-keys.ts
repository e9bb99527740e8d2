/** Every key of the stack config. Each file holds a group: what its keys may hold, which targets take them, and their reading. */
import { CLOUD_RUN_KEYS } from './cloud-run';
import { EVENT_KEYS } from './events';
import { GOOGLE_CLOUD_KEYS } from './google-cloud';
import { OPENWHISK_KEYS } from './openwhisk';
import { RELEASE_KEYS } from './openwhisk-release';
import { RUNTIME_KEYS } from './runtime';
import { STACK_KEYS } from './stack';
import { STORAGE_KEYS } from './storage';

/** All keys, without the `pdfmagic:` before them. */
export const KEYS = {
  ...STACK_KEYS,
  ...OPENWHISK_KEYS,
  ...STORAGE_KEYS,
  ...RUNTIME_KEYS,
  ...RELEASE_KEYS,
  ...GOOGLE_CLOUD_KEYS,
  ...EVENT_KEYS,
  ...CLOUD_RUN_KEYS,
} as const;

export type KeyName = keyof typeof KEYS;
