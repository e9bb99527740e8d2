/** The stack config: reading it, and what it holds. */
export { parseConfig, type RawConfig, readConfig } from './config';
export { PLATFORMS, type PlatformName } from './key';
export { KEYS } from './keys';
export type {
  BudgetConfig,
  BuiltRuntimeConfig,
  CloudRunSettings,
  EventsConfig,
  ExistingConfig,
  ExistingStorageConfig,
  GkeConfig,
  GoogleStorageConfig,
  KubernetesConfig,
  LocalConfig,
  NodesConfig,
  OpenWhiskLimits,
  OwnEventsConfig,
  ReadyRuntimeConfig,
  ReleaseConfig,
  StackConfig,
} from './types';
