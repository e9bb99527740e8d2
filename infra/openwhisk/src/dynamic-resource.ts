/** What the classes of dynamic resources have in common, for any package. */
export { deletedFirst, type Mark, markOf } from './dynamic/resource-options';
export { providerOf, type Verb } from './dynamic/thin-provider';
