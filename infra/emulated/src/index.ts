/** Cloud Storage's buckets and key, and Cloud Run's services and triggers, on their emulators here, as Pulumi resources. */
export { Bucket, type BucketArgs } from './bucket/bucket';
export { ServiceAccountKey, type ServiceAccountKeyArgs } from './key/service-account-key';
export { Service, type ServiceArgs } from './service/service';
export { Trigger, type TriggerArgs } from './trigger/trigger';
