/** What the classes of dynamic resources have in common, for any package. */
export { DynamicResource } from './dynamic/dynamic-resource';
export { deletedFirst, type Mark, markOf } from './dynamic/resource-options';
export { providerOf, type SerializedProvider, type Verb } from './dynamic/thin-provider';
