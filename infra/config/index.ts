/** The stack config: reading it, and what it holds. */
export { parseConfig, type RawConfig, readConfig } from './config';
export { PLATFORMS, type PlatformName } from './key';
export type { ClusterConfig } from './keys/cluster';
export type { OwnEventsConfig } from './keys/events';
export type { BudgetConfig } from './keys/google-cloud';
export type { OpenWhiskLimits, ReleaseConfig } from './keys/openwhisk-release';
export { type BuiltRuntimeConfig, type ReadyRuntimeConfig, RUNTIME_KEYS } from './keys/runtime';
export { STACK_KEYS } from './keys/stack';
export type { ExistingStorageConfig, GoogleStorageConfig } from './keys/storage';
export type { StackConfig } from './targets/all-targets';
