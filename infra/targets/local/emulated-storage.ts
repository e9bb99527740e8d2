/** Target `local`: two buckets, a key to convert and a key to upload, on the storage emulator of the local platform. */
import { Bucket, ServiceAccountKey } from '@pdfmagic/emulated';
import { BUCKETS } from '../../../contract/names';
import type { StackConfig } from '../../config';
import type { Storage } from '../../platform';

/** Where the emulator of a platform answers. */
export interface Emulator {
  readonly endpoint: string;
  readonly tokenUri: string;
}

/** The two buckets of a student on a Cloud Storage emulator. */
export function makeEmulatedBuckets(
  { student, adopt, loss }: StackConfig<'local'>,
  endpoint: string,
): Readonly<Record<'inBucket' | 'outBucket', Bucket>> {
  const allowed = { forceDestroy: loss.byDestroy, forceReplace: loss.byReplacement, adopt };
  const bucket = (suffix: string) =>
    new Bucket(suffix, { endpoint, name: `${student}-${suffix}`, labels: { student }, ...allowed });
  return { inBucket: bucket(BUCKETS.in), outBucket: bucket(BUCKETS.out) };
}

/** Makes the buckets and the keys. */
export function makeEmulatedStorage(config: StackConfig<'local'>, { endpoint, tokenUri }: Emulator): Storage {
  const { student } = config;
  const { inBucket, outBucket } = makeEmulatedBuckets(config, endpoint);
  const key = (name: string) =>
    new ServiceAccountKey(name, { accountId: `${student}-${name}`, project: 'pdfmagic', tokenUri }).privateKeyJson;
  const [convert, upload] = [key('convert'), key('upload')];
  return { inBucket: inBucket.name, outBucket: outBucket.name, key: convert, uploadKey: upload, endpoint };
}
