/** The two buckets, and the key that lets `pdfmagic/v2` read from one and write to the other. */
import { Bucket, ServiceAccountKey } from '@pdfmagic/emulated';
import type * as pulumi from '@pulumi/pulumi';
import { BUCKETS } from '../../contract/names';
import type { ExistingStorageConfig, LocalConfig, StackConfig } from '../config';
import type { Platform } from '../platform';

/** Where JPEGs come from and PDFs go. */
export interface Storage {
  readonly inBucket: pulumi.Input<string>;
  readonly outBucket: pulumi.Input<string>;
  /** Service-account key in JSON form: a secret. */
  readonly key: pulumi.Output<string>;
  /** A key that may create objects in the in bucket, and nothing else: a secret. Undefined when there is none. */
  readonly uploadKey?: pulumi.Output<string>;
  /** URL of a Cloud Storage emulator; undefined for the real one. */
  readonly endpoint: string | undefined;
}

/** Makes the buckets and the key, or takes those that the config names or that came with the platform. */
export function createStorage(config: StackConfig, platform: Platform): Storage {
  if (platform.storage !== undefined) return platform.storage;
  if (config.target === 'local') return emulatedStorage(config, platform);
  if (config.target === 'gke') throw new Error('this platform came without storage');
  return existingStorage(config.storage);
}

function existingStorage(config: ExistingStorageConfig): Storage {
  return {
    inBucket: config.inBucket,
    outBucket: config.outBucket,
    key: config.serviceAccountKey,
    ...(config.uploadKey === undefined ? {} : { uploadKey: config.uploadKey }),
    endpoint: config.storageEndpoint,
  };
}

/** The two buckets of a student on a Cloud Storage emulator. */
export function emulatedBuckets(
  { student, adopt, loss }: LocalConfig,
  endpoint: string,
): Readonly<Record<'inBucket' | 'outBucket', Bucket>> {
  const allowed = { forceDestroy: loss.byDestroy, forceReplace: loss.byReplacement, adopt };
  const bucket = (suffix: string) =>
    new Bucket(suffix, { endpoint, name: `${student}-${suffix}`, labels: { student }, ...allowed });
  return { inBucket: bucket(BUCKETS.in), outBucket: bucket(BUCKETS.out) };
}

function emulatedStorage(config: LocalConfig, platform: Platform): Storage {
  const { student } = config;
  if (platform.emulator === undefined) throw new Error('this platform has no storage emulator');
  const { endpoint, tokenUri } = platform.emulator;
  const { inBucket, outBucket } = emulatedBuckets(config, endpoint);
  const key = (name: string) =>
    new ServiceAccountKey(name, { accountId: `${student}-${name}`, project: 'pdfmagic', tokenUri }).privateKeyJson;
  const [convert, upload] = [key('convert'), key('upload')];
  return { inBucket: inBucket.name, outBucket: outBucket.name, key: convert, uploadKey: upload, endpoint };
}
