/** What target gke needs of this machine: credentials, Google's plugin for kubeconfigs, and Docker unless all images are ready. */

import { hasCode } from '../../../ground/errors';
import type { StackConfig } from '../../config';
import {
  checkCredentials,
  checkDockerEngine,
  type Lack,
  type Machine,
  nameRegistryHost,
  refuse,
  thisMachine,
} from '../../parts/google-cloud';
import { EXEC_PLUGIN } from './kubeconfig';

/** @throws pulumi.RunError naming all that is missing */
export async function requireTools(config: StackConfig<'gke'>, machine: Machine = thisMachine): Promise<void> {
  const [plugin, docker] = await Promise.all([checkExecPlugin(machine), checkDockerIfNeeded(config, machine)]);
  refuse('target gke', [...checkCredentials(machine), ...plugin, ...docker]);
}

/** The plugin gives a token: so it is there, and its user is logged in. */
async function checkExecPlugin({ run }: Machine): Promise<Lack[]> {
  try {
    const answer: unknown = JSON.parse(await run(EXEC_PLUGIN, []));
    if (JSON.stringify(answer).includes('"token":"')) return [];
    return [{ what: `${EXEC_PLUGIN} gives no token`, fix: 'gcloud auth login' }];
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      const fix = `gcloud components install ${EXEC_PLUGIN} (Debian, Ubuntu: sudo apt-get install google-cloud-cli-${EXEC_PLUGIN})`;
      return [{ what: `${EXEC_PLUGIN} is not on the PATH`, fix }];
    }
    const line = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    return [{ what: `${EXEC_PLUGIN} gives no token (${line})`, fix: 'gcloud auth login' }];
  }
}

async function checkDockerIfNeeded(config: StackConfig<'gke'>, machine: Machine): Promise<Lack[]> {
  const { runtime, events } = config;
  const pushes = runtime.image === undefined || events.feedImage === undefined;
  if (!pushes && runtime.python !== undefined) return [];
  return checkDockerEngine(machine, {
    work: 'the runtime image, the libraries of the actions and the image of the feed',
    instead: 'set `image` and `feedImage` to ready images, and `python`',
    host: pushes && events.registry === undefined ? nameRegistryHost(config) : undefined,
  });
}
