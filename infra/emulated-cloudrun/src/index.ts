/** Services and triggers of the Cloud Run on this machine, as Pulumi resources. */
export { Service, type ServiceArgs } from './service/service';
export { Trigger, type TriggerArgs } from './trigger/trigger';
