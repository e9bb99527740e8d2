/** Containers of a Docker engine for Python actions, each with the action proxy of the runtime image. */
import { randomBytes } from 'node:crypto';
import { ABNORMAL_INITIALIZATION, ABNORMAL_RUN } from '../activation/messages';
import type { Executable } from '../contract';
import type { ColdContainer, ContainerProvider } from '../pool/container-provider';
import type { ActionRuntime } from '../runtimes/runtime';
import { DockerContainer } from './docker-container';
import { makeClaimLabel, removeContainers } from './leftovers';
import type { DockerRuntime } from './prepare';
import { runContainer } from './run';

/** Provides containers; their records go to `dataDir`. */
export function makeDockerProvider({ image, python }: DockerRuntime, dataDir: string): ContainerProvider {
  const label = makeClaimLabel(dataDir);
  const runtime: ActionRuntime = {
    kind: `python:${python}`,
    family: 'python',
    image,
    exitDuringInit: { error: ABNORMAL_INITIALIZATION },
    exitDuringRun: ABNORMAL_RUN,
    // A response of the action proxy has its line end already.
    countsLineEnd: false,
  };

  async function start({ name, exec, limits }: Executable): Promise<ColdContainer> {
    const container = await runContainer({ name: nameContainer(name), image, label, memory: `${limits.memory}m` });
    return { container: new DockerContainer(container), code: { code: exec.code } };
  }

  return {
    runtimes: [runtime],
    images: [image],
    resolve(exec) {
      const wanted =
        exec.kind === 'blackbox' ? exec.image?.replace(/^docker\.io\//, '') === image : exec.kind === runtime.kind;
      return wanted ? { runtime, start } : undefined;
    },
    stop: async () => void (await removeContainers(dataDir)),
  };
}

/** For people who look at `docker ps`: what Docker allows of an action's name. */
function nameContainer(action: string): string {
  const shown = action.replace(/^\/[^/]*\//, '').replace(/[^\w.-]+/g, '-');
  return `pdfmagic-${shown.slice(0, 60)}-${randomBytes(6).toString('hex')}`;
}
