/** The targets: each is a folder that makes its own platform and storage. `infra/config/targets/` has the config of each. */
import type { StackConfig } from '../config';
import type { Platform } from '../platform';
import { takeExistingPlatform } from './existing/existing-platform';
import { makeGkePlatform } from './gke/gke-platform';
import { makeKubernetesPlatform } from './kubernetes/kubernetes-platform';
import { openLocalPlatform } from './local/local-platform';

/** What opens each target. */
const OPENERS: { readonly [Name in StackConfig['target']]: (config: StackConfig<Name>) => Promise<Platform> } = {
  local: openLocalPlatform,
  existing: takeExistingPlatform,
  kubernetes: makeKubernetesPlatform,
  gke: makeGkePlatform,
};

/** Finds or makes the platform of the target, with its storage. @throws pulumi.RunError when that cannot be */
export function openPlatform(config: StackConfig): Promise<Platform> {
  // The table has for each target what takes just its config.
  const open = OPENERS[config.target] as (config: StackConfig) => Promise<Platform>;
  return open(config);
}
