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

/** Makes the buckets and the keys. */
export function makeEmulatedStorage(
  { student, adopt, loss }: StackConfig<'local'>,
  { endpoint, tokenUri }: Emulator,
): Storage {
  const allowed = { forceDestroy: loss.byDestroy, forceReplace: loss.byReplacement, adopt };
  const bucket = (suffix: string) =>
    new Bucket(suffix, { endpoint, name: `${student}-${suffix}`, labels: { student }, ...allowed });
  const key = (name: string) =>
    new ServiceAccountKey(name, { accountId: `${student}-${name}`, project: 'pdfmagic', tokenUri }).privateKeyJson;
  return {
    inBucket: bucket(BUCKETS.in).name,
    outBucket: bucket(BUCKETS.out).name,
    key: key('convert'),
    uploadKey: key('upload'),
    endpoint,
  };
}
