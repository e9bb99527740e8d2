/** Keys of the buckets and of the service-account key. */
import { bucketName, type ConfigKey, httpUrl, serviceAccountKeyJson, trueOrFalse, wholeNumber } from '../key';

export const STORAGE_KEYS = {
  inBucket: {
    schema: bucketName,
    allowed: 'the bucket that JPEGs are put into',
    example: 'ada-convert-in',
    needed: ['existing', 'kubernetes'],
    optional: [],
  },
  outBucket: {
    schema: bucketName,
    allowed: 'the bucket that PDFs are put into; not the in bucket',
    example: 'ada-convert-out',
    needed: ['existing', 'kubernetes'],
    optional: [],
  },
  serviceAccountKey: {
    schema: serviceAccountKeyJson,
    allowed: 'a Google service-account key in JSON form, with type, client_email and private_key',
    example: '-- "$(cat key.json)"',
    secret: true,
    platform: 'openwhisk',
    needed: ['existing', 'kubernetes'],
    optional: ['gke'],
  },
  uploadKey: {
    schema: serviceAccountKeyJson,
    allowed:
      'a Google service-account key in JSON form that may create objects in the in bucket, and nothing else; the page uploads ' +
      'large files by it',
    example: '-- "$(cat upload-key.json)"',
    secret: true,
    platform: 'openwhisk',
    needed: [],
    optional: ['existing', 'kubernetes', 'gke'],
  },
  storageEndpoint: {
    schema: httpUrl,
    allowed: 'the URL of a Cloud Storage emulator; leave it out for the real one',
    example: 'http://127.0.0.1:4443',
    needed: [],
    optional: ['existing', 'kubernetes'],
  },
  objectAge: {
    schema: wholeNumber(1, 3650),
    allowed: 'days after which an object in either bucket is deleted, 1 to 3650',
    example: '7',
    default: '7',
    needed: [],
    optional: ['gke'],
  },
  forceDestroy: {
    schema: trueOrFalse,
    allowed:
      'true: destroy removes buckets with files in them, and so does another name; false: neither does, the default but for ' +
      'destroy on target local',
    example: 'true',
    needed: [],
    optional: ['local', 'gke'],
  },
  keyRotation: {
    schema: wholeNumber(1, 999_999_999),
    allowed: 'a whole number; another one makes new service-account keys and then removes the old ones',
    example: '2',
    default: '1',
    platform: 'openwhisk',
    needed: [],
    optional: ['gke', 'existing', 'kubernetes'],
  },
} as const satisfies Record<string, ConfigKey>;
