/** The buckets, and two keys: one to convert with, one that only lets files in. */
import type * as pulumi from '@pulumi/pulumi';
import type { GoogleStorageConfig } from '../../config';
import type { Storage } from '../../platform';
import { type Buckets, grantConversion, grantOn, makeBuckets } from './buckets';
import type { GoogleCloud, InRegion } from './google-cloud';
import { makeServiceAccountKey } from './service-account-key';

/**
 * Makes all of it; keys that the config has are not made.
 * @param pageOrigin where the page is served, whose scripts use signed URLs
 */
export function makeStorage(
  cloud: GoogleCloud<InRegion>,
  settings: GoogleStorageConfig,
  pageOrigin: pulumi.Input<string>,
): Storage {
  const buckets = makeBuckets(cloud, settings, pageOrigin);
  return {
    inBucket: buckets.in.name,
    outBucket: buckets.out.name,
    key: settings.serviceAccountKey ?? makeConvertKey(cloud, buckets, settings),
    uploadKey: settings.uploadKey ?? makeUploadKey(cloud, buckets, settings),
    endpoint: undefined,
    objectAge: settings.objectAge,
  };
}

function makeConvertKey(cloud: GoogleCloud, buckets: Buckets, settings: GoogleStorageConfig): pulumi.Output<string> {
  return makeServiceAccountKey(cloud, {
    name: 'convert',
    displayName: `pdfmagic/v2 of ${cloud.config.student}`,
    rotation: settings.keyRotation,
    instead:
      'bring a key from elsewhere, of an account that may read the input bucket and write the output bucket: `pulumi config set ' +
      '--secret serviceAccountKey -- "$(cat key.json)"`; then no key is created',
    grant: (member) => grantConversion(cloud, buckets, member),
  });
}

/** Whoever has it can put new files into the in bucket: neither replace, nor read, nor list any. */
function makeUploadKey(cloud: GoogleCloud, buckets: Buckets, settings: GoogleStorageConfig): pulumi.Output<string> {
  return makeServiceAccountKey(cloud, {
    name: 'upload',
    displayName: `pdfmagic/upload of ${cloud.config.student}`,
    rotation: settings.keyRotation,
    instead:
      'bring a key from elsewhere, of an account that may create objects in the input bucket: `pulumi config set --secret ' +
      'uploadKey -- "$(cat key.json)"`; then no key is created',
    grant: (member) => [grantOn(cloud, 'upload-creates', buckets.in, 'roles/storage.objectCreator', member)],
  });
}
