/** Buckets and a service-account key on a Cloud Storage emulator, as Pulumi resources. */
export { Bucket, type BucketArgs } from './bucket/bucket';
export { ServiceAccountKey, type ServiceAccountKeyArgs } from './key/service-account-key';
