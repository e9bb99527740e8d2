/**
 * The code behind the serialized providers: Pulumi's provider process loads it by package name, so a changed
 * implementation takes effect at once and leaves the state as it is.
 */
import { providerOf } from './control/control-provider';
import { type ServiceInputs, serviceSchema } from './service/service-inputs';
import { type TriggerInputs, triggerSchema } from './trigger/trigger-inputs';

export * as buckets from './bucket/bucket-provider';
export * as serviceAccountKeys from './key/key-provider';
export const services = providerOf<ServiceInputs>('services', serviceSchema);
export const triggers = providerOf<TriggerInputs>('triggers', triggerSchema);
