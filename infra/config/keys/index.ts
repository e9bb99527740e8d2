/** Every key of the stack config: what it may hold and which targets use it. infra/README.md says the same in prose. */
import { CLUSTER_KEYS } from './cluster';
import { EVENT_KEYS } from './events';
import { GOOGLE_CLOUD_KEYS } from './google-cloud';
import { OPENWHISK_KEYS } from './openwhisk';
import { RUNTIME_KEYS } from './runtime';
import { STACK_KEYS } from './stack';
import { STORAGE_KEYS } from './storage';

/** All keys, without the `pdfmagic:` before them. */
export const KEYS = {
  ...STACK_KEYS,
  ...OPENWHISK_KEYS,
  ...STORAGE_KEYS,
  ...RUNTIME_KEYS,
  ...CLUSTER_KEYS,
  ...GOOGLE_CLOUD_KEYS,
  ...EVENT_KEYS,
} as const;

export type KeyName = keyof typeof KEYS;
