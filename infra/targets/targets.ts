/** The targets: each is a folder that makes its own platform and storage. */
import type { StackConfig } from '../config';
import type { Platform } from '../platform';
import { takeExistingPlatform } from './existing/existing-platform';
import { makeGkePlatform } from './gke/gke-platform';
import { makeKubernetesPlatform } from './kubernetes/kubernetes-platform';
import { openLocalPlatform } from './local/local-platform';

type Opener<Config extends StackConfig> = (config: Config) => Promise<Platform>;

/** What opens each target. */
const OPENERS: { readonly [Target in StackConfig['target']]: Opener<Extract<StackConfig, { target: Target }>> } = {
  local: openLocalPlatform,
  existing: takeExistingPlatform,
  kubernetes: makeKubernetesPlatform,
  gke: makeGkePlatform,
};

/** Finds or makes the platform of the target, with its storage. @throws pulumi.RunError when that cannot be */
export function openPlatform<Config extends StackConfig>(config: Config): Promise<Platform> {
  // The table has for each target what takes just its config.
  const open = OPENERS[config.target] as Opener<Config>;
  return open(config);
}
