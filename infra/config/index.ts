/** The stack config: reading it, and what it holds. */
export { parseConfig, type RawConfig, readConfig } from './config';
export { PLATFORMS, type PlatformName } from './key';
export { KEYS } from './keys/all-keys';
export type { OwnEventsConfig } from './keys/events';
export type { BudgetConfig } from './keys/google-cloud';
export type { OpenWhiskLimits, ReleaseConfig } from './keys/openwhisk-release';
export type { BuiltRuntimeConfig, ReadyRuntimeConfig } from './keys/runtime';
export type { ExistingStorageConfig, GoogleStorageConfig } from './keys/storage';
export type { ExistingConfig, GkeConfig, KubernetesConfig, LocalConfig, StackConfig } from './stack-config';
