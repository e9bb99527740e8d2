/** The stack config: reading it, and what it holds. */
export { parseConfig, type RawConfig, readConfig } from './config';
export { PLATFORMS, type PlatformName } from './key';
export { KEYS } from './keys';
export type {
  BudgetConfig,
  BuiltRuntimeConfig,
  ExistingConfig,
  ExistingStorageConfig,
  GkeConfig,
  GoogleStorageConfig,
  KubernetesConfig,
  LocalConfig,
  NodesConfig,
  OpenWhiskLimits,
  ReadyRuntimeConfig,
  ReleaseConfig,
  StackConfig,
} from './types';
