/** Keys of the buckets and of the service-account keys. */
import { z } from 'zod';
import { bucketName, type ConfigKey, httpUrl, serviceAccountKeyJson, trueOrFalse, wholeNumber } from '../key';
import type { Reader } from '../reader';

const CREDENTIALS = ['workload-identity', 'key'] as const;
const NAMES =
  'On `gke` both are created. Bucket names are unique worldwide, so a name that is not set ends in random characters.';

export const STORAGE_KEYS = {
  inBucket: {
    schema: bucketName,
    allowed: 'the bucket that JPEGs are put into',
    note: NAMES,
    example: 'ada-convert-in',
  },
  outBucket: {
    schema: bucketName,
    allowed: 'the bucket that PDFs are put into; not the input bucket',
    note: NAMES,
    example: 'ada-convert-out',
  },
  serviceAccountKey: {
    schema: serviceAccountKeyJson,
    allowed: 'a Google service-account key in JSON form, with type, client_email and private_key',
    note: 'It reads the input bucket and writes the output bucket. On `gke` with `credentials key` one is created unless you give one.',
    example: '-- "$(cat key.json)"',
    secret: true,
    platform: 'openwhisk',
  },
  uploadKey: {
    schema: serviceAccountKeyJson,
    allowed:
      'a Google service-account key in JSON form that may create objects in the input bucket and do nothing else; the page ' +
      'uploads large files with it',
    note:
      'On `gke` with `credentials key` one is created unless you give one. Elsewhere the page takes large files only with it, and the buckets then need ' +
      '[CORS](parts/google-cloud/README.md).',
    example: '-- "$(cat upload-key.json)"',
    secret: true,
    platform: 'openwhisk',
  },
  storageEndpoint: {
    schema: httpUrl,
    allowed: 'the URL of a Cloud Storage emulator, or of a private endpoint of Google; leave it out for the public one',
    note: 'An emulator is sent no Google token.',
    example: 'http://127.0.0.1:4443',
  },
  credentials: {
    schema: z.enum(CREDENTIALS),
    allowed:
      'how actions prove to Cloud Storage who they are: workload-identity, the default (the cluster vouches for them), or key (each ' +
      'action has the service-account key that it needs)',
    note:
      'By default, organizations created since May 2024 forbid keys. With workload identity, all actions of this OpenWhisk share ' +
      'one identity: each may read the input bucket and write the output bucket.',
    example: 'key',
    default: 'workload-identity',
    platform: 'openwhisk',
  },
  objectAge: {
    schema: wholeNumber(1, 3650),
    allowed: 'days after which an object in either bucket is deleted, 1 to 3650',
    note: 'Storage is billed by the day.',
    example: '7',
    default: '7',
  },
  forceDestroy: {
    schema: trueOrFalse,
    allowed:
      'true: buckets are deleted even if they hold files, by destroy and when student changes. false: buckets with files are ' +
      'kept. If not set: as false, but on target local destroy deletes them',
    note: 'On `gke` it takes effect once `pulumi up` has applied it to the buckets.',
    example: 'true',
  },
  keyRotation: {
    schema: wholeNumber(1, 999_999_999),
    allowed: 'a whole number; changing it creates new service-account keys and then deletes the old ones',
    note: 'In between, the actions get the new keys.',
    example: '2',
    default: '1',
    platform: 'openwhisk',
  },
} as const satisfies Record<string, ConfigKey>;

const { storageEndpoint, ...onGoogle } = STORAGE_KEYS;
const { inBucket, outBucket, serviceAccountKey, uploadKey } = STORAGE_KEYS;
/** For buckets and a key that are created on Google Cloud. */
export const GOOGLE_STORAGE_KEYS = onGoogle;
/** For buckets and a key that exist already. */
export const EXISTING_STORAGE_KEYS = { inBucket, outBucket, serviceAccountKey, uploadKey, storageEndpoint };
/** Which of {@link EXISTING_STORAGE_KEYS} say where they are. */
export const EXISTING_STORAGE_NEEDED = ['inBucket', 'outBucket', 'serviceAccountKey'] as const;

/** Buckets and a key that exist already. */
export type ExistingStorageConfig = Readonly<ReturnType<typeof readExistingStorage>>;
/** Buckets and a key that are created on Google Cloud. */
export type GoogleStorageConfig = Readonly<ReturnType<typeof readGoogleStorage>>;

/** Reads {@link ExistingStorageConfig}. */
export function readExistingStorage(read: Reader<keyof typeof EXISTING_STORAGE_KEYS>) {
  return {
    inBucket: read.text('inBucket'),
    outBucket: read.text('outBucket'),
    serviceAccountKey: read.secret('serviceAccountKey'),
    /** Without it nobody can upload by a signed URL. */
    uploadKey: read.maybeSecret('uploadKey'),
    /** Undefined for the real Cloud Storage. */
    storageEndpoint: read.maybe('storageEndpoint'),
  };
}

/** Reads {@link GoogleStorageConfig}. */
export function readGoogleStorage(read: Reader<keyof typeof GOOGLE_STORAGE_KEYS>) {
  return {
    /** Names; undefined: ones that nobody else has. */
    inBucket: read.maybe('inBucket'),
    outBucket: read.maybe('outBucket'),
    credentials: read.text('credentials') === 'key' ? ('key' as const) : ('workload-identity' as const),
    /** Days. */
    objectAge: read.number('objectAge'),
    forceDestroy: read.maybe('forceDestroy') === 'true',
    /** Another text makes a new key. */
    keyRotation: read.text('keyRotation'),
    /** Keys from elsewhere, where an organization forbids creating them. */
    serviceAccountKey: read.maybeSecret('serviceAccountKey'),
    uploadKey: read.maybeSecret('uploadKey'),
  };
}

/** Whether local buckets that hold files may go: by `destroy`, and when another student's replace them. */
export function readLoss(read: Reader<'forceDestroy'>) {
  const allowed = read.maybe('forceDestroy');
  // Here `destroy` is how one tidies up; nobody expects that another name takes files along.
  return { byDestroy: allowed !== 'false', byReplacement: allowed === 'true' };
}
