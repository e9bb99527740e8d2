/** The two buckets, private, and the rights of whoever converts: to read the one and write the other. */
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import { BUCKETS } from '../../../contract/names';
import { PART } from '../../../contract/options';
import type { GoogleStorageConfig } from '../../config';
import type { GoogleCloud, InRegion } from './google-cloud';

export interface Buckets {
  readonly in: gcp.storage.Bucket;
  readonly out: gcp.storage.Bucket;
}

/** What a browser may send to, and read of, a signed URL. */
const SIGNED_HEADERS = [
  ...['Content-Type', 'x-goog-content-length-range'],
  ...['quality', 'page', 'margin', PART.key].map((name) => `x-goog-meta-${name}`),
];
/** Seconds that a browser remembers the answer. */
const CORS_AGE = 3600;

/**
 * Makes both.
 * @param pageOrigin where the page is served, whose scripts use signed URLs; none do when undefined
 */
export function makeBuckets(
  cloud: GoogleCloud<InRegion>,
  settings: Pick<GoogleStorageConfig, 'objectAge' | 'forceDestroy'>,
  pageOrigin?: pulumi.Input<string>,
): Buckets {
  const { student, region } = cloud.config;
  const bucket = (suffix: string, method: 'PUT' | 'GET') =>
    new gcp.storage.Bucket(
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
          { action: { type: 'Delete' }, condition: { age: settings.objectAge } },
          { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 1 } },
        ],
        ...(pageOrigin === undefined
          ? {}
          : {
              cors: [
                { origins: [pageOrigin], methods: [method], responseHeaders: SIGNED_HEADERS, maxAgeSeconds: CORS_AGE },
              ],
            }),
        forceDestroy: settings.forceDestroy,
        labels: cloud.labels,
      },
      cloud.options('storage'),
    );
  return { in: bucket(BUCKETS.in, 'PUT'), out: bucket(BUCKETS.out, 'GET') };
}

/** Lets `member` read the in bucket and write the out bucket. The rights are named by `name`. */
export function grantConversion(
  cloud: GoogleCloud,
  buckets: Buckets,
  member: pulumi.Input<string>,
  name = 'convert',
): gcp.storage.BucketIAMMember[] {
  // objectViewer can read and list; nothing narrower is predefined. objectCreator could not replace a PDF, hence objectUser.
  return [
    grantOn(cloud, `${name}-reads`, buckets.in, 'roles/storage.objectViewer', member),
    grantOn(cloud, `${name}-writes`, buckets.out, 'roles/storage.objectUser', member),
  ];
}

/** One role of one member on one bucket. */
export function grantOn(
  cloud: GoogleCloud,
  name: string,
  bucket: gcp.storage.Bucket,
  role: string,
  member: pulumi.Input<string>,
): gcp.storage.BucketIAMMember {
  return new gcp.storage.BucketIAMMember(name, { bucket: bucket.name, role, member }, { provider: cloud.provider });
}
