/** Where containers come from: sandboxes of this machine (`sandboxes/sandbox-provider.ts`), or a Docker engine (`docker/docker-provider.ts`). */
import type { CodeSource } from '../activation/environment';
import type { ActionCode, Executable } from '../contract';
import type { ActionRuntime } from '../runtimes/runtime';
import type { Container } from './container';

/** A container that is still to be initialized, and with what. */
export interface ColdContainer {
  readonly container: Container;
  readonly code: CodeSource;
}

/** What runs an action, and how to have a container of it. */
export interface ResolvedRuntime {
  readonly runtime: ActionRuntime;
  /** @throws UnusableCode, or another error when no container can be started */
  start(action: Executable): Promise<ColdContainer>;
  /** Does what a start can find done, without a container. Absent where there is nothing of the kind; rejects as `start` does. */
  prepare?(action: Executable): Promise<void>;
}

/** Containers of one kind. */
export interface ContainerProvider {
  /** Runtimes by kind; the first of a family is its default. */
  readonly runtimes: readonly ActionRuntime[];
  /** Names of images that blackbox actions may use. */
  readonly images: readonly string[];
  /** Undefined when this provider has nothing for such code. */
  resolve(exec: ActionCode): ResolvedRuntime | undefined;
  /** Ends all that no pool has taken, and what was left behind by any means. */
  stop(): Promise<void>;
}

/** Code for which no container is started; the message is for the log of the activation. */
export class UnusableCode extends Error {
  override readonly name = 'UnusableCode';

  /** `error`: what the activation says. */
  constructor(
    readonly error: string,
    reason: string,
  ) {
    super(reason);
  }
}

/** Finds the runtime for an action's code; a message for the developer when there is none. */
export function resolveRuntime(
  providers: readonly ContainerProvider[],
  exec: ActionCode,
): ResolvedRuntime | { readonly error: string } {
  for (const provider of providers) {
    const resolved = provider.resolve(exec);
    if (resolved !== undefined) return resolved;
  }
  if (exec.kind === 'blackbox') {
    const images = providers.flatMap((provider) => provider.images).join(', ');
    return { error: `Failed to pull container image '${exec.image ?? ''}'. Images that exist here: ${images}.` };
  }
  const kinds = providers.flatMap(({ runtimes }) => runtimes.map(({ kind }) => `'${kind}'`)).join(', ');
  return {
    error: `The specified runtime '${exec.kind}' is not supported by this platform. Valid values are: ${kinds}.`,
  };
}
