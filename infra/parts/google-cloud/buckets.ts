/** The two buckets, private, and the rights of whoever converts: to read the one and write the other. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import * as random from '@pulumi/random';
import { BUCKETS } from '../../../contract/names';
import { PART } from '../../../contract/options';
import type { GoogleStorageConfig } from '../../config';
import type { GoogleCloud, InRegion } from './google-cloud';
import { fitName } from './names';

export interface Buckets {
  readonly in: gcp.storage.Bucket;
  readonly out: gcp.storage.Bucket;
}

/** What a browser may send to, and read of, a signed URL. */
export const SIGNED_HEADERS: readonly string[] = [
  ...['Content-Type', 'x-goog-content-length-range'],
  ...['quality', 'page', 'margin', PART.key].map((name) => `x-goog-meta-${name}`),
];
/** Seconds that a browser remembers the answer. */
const CORS_AGE = 3600;
/** What https://cloud.google.com/storage/docs/buckets#naming allows, and the random bytes at the end of a name. */
const NAME = { length: 63, randomBytes: 4 } as const;

/**
 * Makes both.
 * @param pageOrigin where the page is served, whose scripts use signed URLs; none do when undefined
 */
export function makeBuckets(
  cloud: GoogleCloud<InRegion>,
  settings: Pick<GoogleStorageConfig, 'objectAge' | 'forceDestroy' | 'inBucket' | 'outBucket'>,
  pageOrigin?: pulumi.Input<string>,
): Buckets {
  const { region } = cloud.config;
  const nameOf = makeNames(cloud);
  const bucket = (suffix: string, method: 'PUT' | 'GET', name: string | undefined) =>
    new gcp.storage.Bucket(
      suffix,
      {
        name: name ?? nameOf(suffix),
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
                {
                  origins: [pageOrigin],
                  methods: [method],
                  responseHeaders: [...SIGNED_HEADERS],
                  maxAgeSeconds: CORS_AGE,
                },
              ],
            }),
        forceDestroy: settings.forceDestroy,
        labels: cloud.labels,
      },
      cloud.options('storage'),
    );
  return { in: bucket(BUCKETS.in, 'PUT', settings.inBucket), out: bucket(BUCKETS.out, 'GET', settings.outBucket) };
}

/**
 * Names that nobody else has: all buckets of the world share their names, so `ada-convert-in` is the first Ada's. The random end is
 * kept in the state: another one is only made when another student's buckets are.
 */
function makeNames(cloud: GoogleCloud): (suffix: string) => pulumi.Output<string> {
  const { student } = cloud.config;
  const end = new random.RandomId('bucket-names', { byteLength: NAME.randomBytes, keepers: { student } });
  const room = NAME.length - 2 * NAME.randomBytes - 1;
  return (suffix) => pulumi.interpolate`${fitName(room, student, suffix)}-${end.hex}`;
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
  return new gcp.storage.BucketIAMMember(name, { bucket: bucket.name, role, member }, cloud.options('storage'));
}
