/** What the container is told, in variables of its environment: cloudrun/README.md lists them. */
import type * as pulumi from '@pulumi/pulumi';
import type { Storage } from '../../platform';

/**
 * The variables of a service that has this storage. Without `uploadKey` its page takes no large photographs; without `key` the
 * service reads and writes as itself.
 */
export function listVariables({
  inBucket,
  outBucket,
  key,
  uploadKey,
  endpoint,
  objectAge,
}: Omit<Storage, 'key'> & Partial<Pick<Storage, 'key'>>): Record<string, pulumi.Input<string>> {
  return {
    OUT_BUCKET: outBucket,
    ...(endpoint === undefined ? {} : { GCS_ENDPOINT: endpoint }),
    ...(key === undefined ? {} : { GCS_KEY: key }),
    ...(uploadKey === undefined ? {} : { IN_BUCKET: inBucket, UPLOAD_KEY: uploadKey }),
    ...(objectAge === undefined ? {} : { OBJECT_AGE: `${objectAge}` }),
  };
}
