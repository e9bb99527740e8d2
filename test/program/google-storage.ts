/** What a stack on Google Cloud promises of its buckets, and of who may read and write them. */
import { describe, expect, test } from 'vitest';
import { all, needsOf, only } from './graph';
import type { Recorded, Recording } from './recording';

/** Who actions are: the service account `default` of OpenWhisk's namespace. */
const ACTIONS =
  'principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/ada-lab-123456.svc.id.goog/subject/ns/openwhisk/sa/default';

/** The promises of storage, for a run with the default config. */
export function promiseStorage(read: () => Recording): void {
  const one = (type: string, name?: string): Recorded => only(read().resources, type, name);
  const every = (type: string): Recorded[] => all(read().resources, type);

  describe('the storage of a stack on Google Cloud', () => {
    test('has private buckets that cost nothing once they are gone', () => {
      const buckets = every('gcp:storage/bucket:Bucket');
      expect(buckets.map(({ inputs }) => inputs.name)).toEqual(['ada-convert-in-1a2b3c4d', 'ada-convert-out-1a2b3c4d']);
      for (const { inputs } of buckets) {
        expect(inputs).toMatchObject({
          location: 'EUROPE-WEST1',
          uniformBucketLevelAccess: true,
          publicAccessPrevention: 'enforced',
          softDeletePolicy: { retentionDurationSeconds: 0 },
          forceDestroy: false,
          labels: { student: 'ada' },
        });
        expect(JSON.stringify(inputs.lifecycleRules)).toContain('"age":7');
      }
      const rights = every('gcp:storage/bucketIAMMember:BucketIAMMember').map(
        ({ inputs }) => `${String(inputs.member).split('@')[0]} ${inputs.role} ${inputs.bucket}`,
      );
      expect(rights.sort()).toEqual([
        `${ACTIONS} roles/storage.objectUser ada-convert-out-1a2b3c4d`,
        `${ACTIONS} roles/storage.objectViewer ada-convert-in-1a2b3c4d`,
        'serviceAccount:ada-signer roles/storage.objectCreator ada-convert-in-1a2b3c4d',
        'serviceAccount:ada-signer roles/storage.objectViewer ada-convert-out-1a2b3c4d',
      ]);
      for (const right of every('gcp:storage/bucketIAMMember:BucketIAMMember').filter(
        ({ inputs }) => inputs.member === ACTIONS,
      ))
        expect(needsOf(read().resources, right).has(one('gcp:container/cluster:Cluster').urn), right.urn).toBe(true);
    });

    test('lets scripts of its own page, and of no other, use signed URLs', () => {
      const cors = (name: string) => one('gcp:storage/bucket:Bucket', name).inputs.cors;
      const marks = ['quality', 'page', 'margin', 'part'].map((name) => `x-goog-meta-${name}`);
      const responseHeaders = ['Content-Type', 'x-goog-content-length-range', ...marks];
      const rule = { origins: ['https://192.0.2.7'], responseHeaders };
      expect(cors('convert-in')).toEqual([{ ...rule, methods: ['PUT'], maxAgeSeconds: 3600 }]);
      expect(cors('convert-out')).toEqual([{ ...rule, methods: ['GET'], maxAgeSeconds: 3600 }]);
    });

    test('has no key: actions are whom the cluster vouches for, and have Google sign URLs for them', () => {
      expect(every('gcp:serviceaccount/key:Key')).toEqual([]);
      expect(one('gcp:serviceaccount/iAMMember:IAMMember', 'actions-have-signed').inputs).toMatchObject({
        serviceAccountId: 'projects/lab/serviceAccounts/ada-signer',
        role: 'roles/iam.serviceAccountTokenCreator',
        member: ACTIONS,
      });
      const identity = { type: 'application-default', sign_as: 'ada-signer@lab.iam.gserviceaccount.com' };
      const settings = (name: string) =>
        Object(one('pulumi-nodejs:dynamic/openwhisk:Action', name).inputs.parameters).settings;
      expect(JSON.parse(settings('v2')['gcs-key'])).toEqual(identity);
      expect(JSON.parse(settings('upload')['upload-key'])).toEqual(identity);
      expect(one('kubernetes:networking.k8s.io/v1:NetworkPolicy', 'actions-to-metadata').inputs.spec).toMatchObject({
        podSelector: { matchLabels: { 'user-action-pod': 'true' } },
        egress: [
          { to: [{ ipBlock: { cidr: '169.254.169.254/32' } }], ports: [{ port: 80 }] },
          { to: [{ ipBlock: { cidr: '169.254.169.252/32' } }], ports: [{ port: 988 }] },
        ],
      });
    });
  });
}
