/** The two buckets, and an identity that may read one and write the other. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Storage } from '../storage';
import type { GoogleCloud } from './google-cloud';
import { explainKeyRefusal } from './key-refusal';
import { nameWithin } from './names';

/** Makes all of it; with a key in the config, only the buckets. */
export function makeStorage(cloud: GoogleCloud): Storage {
  const inBucket = makeBucket(cloud, 'convert-in');
  const outBucket = makeBucket(cloud, 'convert-out');
  const key = cloud.config.storage.serviceAccountKey ?? makeKey(cloud, inBucket, outBucket);
  return { inBucket: inBucket.name, outBucket: outBucket.name, key, endpoint: undefined };
}

function makeBucket(cloud: GoogleCloud, suffix: 'convert-in' | 'convert-out'): gcp.storage.Bucket {
  const { student, region, storage } = cloud.config;
  return new gcp.storage.Bucket(
    suffix,
    {
      name: `${student}-${suffix}`,
      location: region.toUpperCase(),
      storageClass: 'STANDARD',
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      // Google would keep, and charge for, what was deleted for a week.
      softDeletePolicy: { retentionDurationSeconds: 0 },
      lifecycleRules: [
        { action: { type: 'Delete' }, condition: { age: storage.objectAge } },
        { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 1 } },
      ],
      forceDestroy: storage.forceDestroy,
      labels: cloud.labels,
    },
    cloud.options('storage'),
  );
}

/** The key, in the JSON form of Google's client libraries: a secret. Known when its rights are granted. */
function makeKey(
  cloud: GoogleCloud,
  inBucket: gcp.storage.Bucket,
  outBucket: gcp.storage.Bucket,
): pulumi.Output<string> {
  const { student, storage } = cloud.config;
  const options = cloud.options('iam');
  const account = new gcp.serviceaccount.Account(
    'convert',
    { accountId: nameWithin(30, student, 'convert'), displayName: `pdfmagic/v2 of ${student}` },
    options,
  );
  const grant = (name: string, bucket: gcp.storage.Bucket, role: string) =>
    new gcp.storage.BucketIAMMember(
      name,
      { bucket: bucket.name, role, member: account.member },
      { provider: cloud.provider },
    );
  // objectViewer can read and list; nothing narrower is predefined. objectCreator could not replace a PDF, hence objectUser.
  const read = grant('convert-reads', inBucket, 'roles/storage.objectViewer');
  const write = grant('convert-writes', outBucket, 'roles/storage.objectUser');
  const key = new gcp.serviceaccount.Key(
    'convert',
    { serviceAccountId: account.name, keepers: { rotation: storage.keyRotation } },
    { ...options, hooks: explainKeyRefusal() },
  );
  const json = pulumi
    .all([key.privateKey, read.etag, write.etag])
    .apply(([privateKey]) => Buffer.from(privateKey, 'base64').toString('utf8'));
  return pulumi.secret(json);
}
