/** Keys of the Cloud Run services on Google Cloud. */
import { CONTAINER_CONCURRENCY } from '../../../contract/limits';
import { type ConfigKey, trueOrFalse, wholeNumber } from '../key';
import type { Reader } from '../reader';

export const CLOUD_RUN_KEYS = {
  publicApi: {
    schema: trueOrFalse,
    allowed: 'true: anyone who knows the URL can convert (the default); false: only callers with the role run.invoker',
    note: 'You pay for every conversion.',
    example: 'false',
    default: 'true',
    platform: 'cloudrun',
  },
  maxInstances: {
    schema: wholeNumber(1, 100),
    allowed: `the most instances of each Cloud Run service, 1 to 100; each converts ${CONTAINER_CONCURRENCY} photos at a time`,
    note: 'Each costs only while it answers.',
    example: '10',
    default: '5',
    platform: 'cloudrun',
  },
} as const satisfies Record<string, ConfigKey>;

/** What a user can choose of the Cloud Run services. */
export function readCloudRun(read: Reader<keyof typeof CLOUD_RUN_KEYS | 'image' | 'registry'>) {
  return {
    publicApi: read.flag('publicApi'),
    maxInstances: read.number('maxInstances'),
    /** A ready image of cloudrun/Dockerfile; it is built when undefined. */
    image: read.maybe('image'),
    registry: read.maybe('registry'),
  };
}
