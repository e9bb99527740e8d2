/** Buckets and a key that exist already, as the config names them. */
import type { ExistingStorageConfig } from '../config';
import type { Storage } from '../platform';

/** Takes them; nothing is made. */
export function takeStorage(config: ExistingStorageConfig): Storage {
  return {
    inBucket: config.inBucket,
    outBucket: config.outBucket,
    key: config.serviceAccountKey,
    ...(config.uploadKey === undefined ? {} : { uploadKey: config.uploadKey }),
    endpoint: config.storageEndpoint,
  };
}
