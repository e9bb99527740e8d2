/** The buckets, and by what right actions use them: as the identity that their cluster vouches for, or by two keys. */
import type * as pulumi from '@pulumi/pulumi';
import type { GoogleStorageConfig } from '../../config';
import type { Storage } from '../../platform';
import { type Buckets, grantConversion, grantOn, makeBuckets } from './buckets';
import type { GoogleCloud, InRegion } from './google-cloud';
import { makeServiceAccountKey } from './service-account-key';
import { makeSigner } from './signer';

/** Who uses the buckets. */
export interface StorageUsers {
  /** Where the page is served, whose scripts use signed URLs. */
  readonly pageOrigin: pulumi.Input<string>;
  /** The identity of actions, `principal://...`, known once it can be given rights. */
  readonly actions: pulumi.Output<string>;
}

/** Makes all of it; keys that the config has are not made. */
export function makeStorage(
  cloud: GoogleCloud<InRegion>,
  settings: GoogleStorageConfig,
  { pageOrigin, actions }: StorageUsers,
): Storage {
  const buckets = makeBuckets(cloud, settings, pageOrigin);
  const own =
    settings.credentials === 'key'
      ? {
          key: settings.serviceAccountKey ?? makeConvertKey(cloud, buckets, settings),
          uploadKey: settings.uploadKey ?? makeUploadKey(cloud, buckets, settings),
        }
      : useIdentity(cloud, buckets, settings, actions);
  return {
    inBucket: buckets.in.name,
    outBucket: buckets.out.name,
    ...own,
    endpoint: undefined,
    objectAge: settings.objectAge,
  };
}

/** No key: actions read and write as themselves, and have URLs signed by an account that can do no more than those URLs. */
function useIdentity(
  cloud: GoogleCloud,
  buckets: Buckets,
  settings: GoogleStorageConfig,
  actions: pulumi.Output<string>,
): Pick<Storage, 'key' | 'uploadKey'> {
  const grants = grantConversion(cloud, buckets, actions);
  const identity = makeSigner(cloud, buckets, actions, grants);
  return { key: settings.serviceAccountKey ?? identity, uploadKey: settings.uploadKey ?? identity };
}

function makeConvertKey(cloud: GoogleCloud, buckets: Buckets, settings: GoogleStorageConfig): pulumi.Output<string> {
  return makeServiceAccountKey(cloud, {
    name: 'convert',
    displayName: `pdfmagic/v2 of ${cloud.config.student}`,
    rotation: settings.keyRotation,
    instead: 'do without keys: `pulumi config set credentials workload-identity`',
    grant: (member) => grantConversion(cloud, buckets, member),
  });
}

/** Whoever has it can put new files into the in bucket: neither replace, nor read, nor list any. */
function makeUploadKey(cloud: GoogleCloud, buckets: Buckets, settings: GoogleStorageConfig): pulumi.Output<string> {
  return makeServiceAccountKey(cloud, {
    name: 'upload',
    displayName: `pdfmagic/upload of ${cloud.config.student}`,
    rotation: settings.keyRotation,
    instead: 'do without keys: `pulumi config set credentials workload-identity`',
    grant: (member) => [grantOn(cloud, 'upload-creates', buckets.in, 'roles/storage.objectCreator', member)],
  });
}
