/** The targets: each is a folder that makes its own platform and storage. */
import type { StackConfig } from '../config';
import type { Platform } from '../platform';
import { existingPlatform } from './existing/existing-platform';
import { gkePlatform } from './gke/gke-platform';
import { kubernetesPlatform } from './kubernetes/kubernetes-platform';
import { localPlatform } from './local/local-platform';

type Opener<Config extends StackConfig> = (config: Config) => Promise<Platform>;

/** What opens each target. */
const TARGETS: { readonly [Target in StackConfig['target']]: Opener<Extract<StackConfig, { target: Target }>> } = {
  local: localPlatform,
  existing: existingPlatform,
  kubernetes: kubernetesPlatform,
  gke: gkePlatform,
};

/** Finds or makes the platform of the target, with its storage. @throws pulumi.RunError when that cannot be */
export function openPlatform<Config extends StackConfig>(config: Config): Promise<Platform> {
  // The table has for each target what takes just its config.
  const open = TARGETS[config.target] as Opener<Config>;
  return open(config);
}
