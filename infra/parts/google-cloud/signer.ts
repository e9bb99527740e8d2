/**
 * Who signs URLs where there is no key: an account that Google signs for (`signBlob` of the IAM Credentials API), since an identity
 * of a cluster has no private key anywhere. https://cloud.google.com/storage/docs/access-control/signing-urls-manually
 */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { type Buckets, grantOn } from './buckets';
import type { GoogleCloud } from './google-cloud';
import { fitName } from './names';

const NAME = 'signer';

/**
 * Makes the account: a URL that it signs can put new files into the input bucket and read the output bucket, and no more.
 * @param actions who may have it sign
 * @param ready what must be in place besides
 * @returns what actions get in place of a key (actions/buckets/access.py): no secret, but used as one
 */
export function makeSigner(
  cloud: GoogleCloud,
  buckets: Buckets,
  actions: pulumi.Input<string>,
  ready: readonly pulumi.CustomResource[],
): pulumi.Output<string> {
  const options = cloud.options('iam', 'iamcredentials');
  const { student } = cloud.config;
  const account = new gcp.serviceaccount.Account(
    NAME,
    { accountId: fitName(30, student, NAME), displayName: `Signed URLs of PDFMagic of ${student}` },
    options,
  );
  const grants = [
    ...ready,
    new gcp.serviceaccount.IAMMember(
      'actions-have-signed',
      { serviceAccountId: account.name, role: 'roles/iam.serviceAccountTokenCreator', member: actions },
      options,
    ),
    grantOn(cloud, 'signer-creates', buckets.in, 'roles/storage.objectCreator', account.member),
    grantOn(cloud, 'signer-reads', buckets.out, 'roles/storage.objectViewer', account.member),
  ];
  return pulumi
    .all([account.email, pulumi.all(grants.map(({ id }) => id))])
    .apply(([email]) => JSON.stringify({ type: 'application-default', sign_as: email }));
}
