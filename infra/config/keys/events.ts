/** Keys of the events of new files: the feed on a cluster, or Cloud Run. */
import { type ConfigKey, imageName, trueOrFalse, wholeNumber } from '../key';

export const EVENT_KEYS = {
  deliveryAttempts: {
    schema: wholeNumber(5, 100),
    allowed: 'attempts to deliver an event, 5 to 100, after which it is put among the dead letters',
    example: '10',
    default: '10',
    platform: 'openwhisk',
    needed: [],
    optional: ['existing', 'kubernetes', 'gke'],
  },
  feedImage: {
    schema: imageName,
    allowed: 'an image of feed/Dockerfile that is ready; nothing is built then',
    example: 'docker.io/ada/feed:1',
    platform: 'openwhisk',
    needed: [],
    optional: ['existing', 'kubernetes', 'gke'],
  },
  publicApi: {
    schema: trueOrFalse,
    allowed: 'true: whoever knows the URL can convert (the default); false: only who has the role run.invoker',
    example: 'false',
    default: 'true',
    platform: 'cloudrun',
    needed: [],
    optional: ['gke'],
  },
  maxInstances: {
    schema: wholeNumber(1, 100),
    allowed: 'containers of each Cloud Run service at most, 1 to 100; each converts two images at a time',
    example: '10',
    default: '5',
    platform: 'cloudrun',
    needed: [],
    optional: ['gke'],
  },
} as const satisfies Record<string, ConfigKey>;
