/** Sandboxes as containers: spares where there are any; a zip gets a sandbox in which it is bound. */

import type { SandboxFactory } from '../../../sandbox/sandbox';
import type { CodeStore, Compile, PreparedCode } from '../code/store';
import { ZipError } from '../code/unzip';
import type { ActionCode, Executable } from '../contract';
import { type ColdContainer, type ContainerProvider, UnusableCode } from '../pool/container-provider';
import type { Catalogue, Flavour } from '../runtimes/catalogue';
import { compileCode } from './compile';
import { Spares } from './spares';
import type { Staged } from './staging';

/** What sandboxes are made of. */
export interface SandboxProviderOptions {
  readonly factory: SandboxFactory;
  readonly staged: Staged;
  readonly catalogue: Catalogue;
  readonly store: CodeStore;
  /** Interpreters that wait, per runtime and per zip. */
  readonly spares: number;
  /** Milliseconds that those for a zip wait. */
  readonly idleTime: number;
  readonly log: (message: string) => void;
}

/** Provides sandboxes. */
export function makeSandboxProvider({
  factory,
  staged,
  catalogue,
  store,
  ...rest
}: SandboxProviderOptions): ContainerProvider {
  const spares = new Spares({ ...rest, factory, staged });

  function prepareCode({ exec, limits }: Executable, flavour: Flavour): Promise<PreparedCode> {
    const { runtime } = flavour;
    const compile: Compile = (folder, files) => compileCode(factory, staged, runtime, folder, files, limits);
    return prepare(exec, flavour, store, compile);
  }

  async function start(action: Executable, flavour: Flavour): Promise<ColdContainer> {
    const prepared = await prepareCode(action, flavour);
    if (prepared.kind === 'source') {
      const container = await spares.takeForSource(flavour);
      return { container, code: { code: prepared.source, path: container.sandbox.codePath } };
    }
    const container = await spares.takeForZip(flavour, prepared);
    return { container, code: { path: container.sandbox.codePath } };
  }

  return {
    runtimes: catalogue.runtimes,
    images: catalogue.images,
    resolve(exec) {
      const flavour = catalogue.resolve(exec);
      if (flavour === undefined) return undefined;
      return {
        runtime: flavour.runtime,
        start: (action) => start(action, flavour),
        async prepare(action) {
          const prepared = action.exec.binary ? await prepareCode(action, flavour) : undefined;
          if (prepared?.kind === 'folder') prepared.release();
        },
      };
    },
    stop: () => spares.stop(),
  };
}

async function prepare(
  exec: ActionCode,
  { runtime }: Flavour,
  store: CodeStore,
  compile: Compile,
): Promise<PreparedCode> {
  if (!exec.binary) return { kind: 'source', source: exec.code };
  try {
    return await store.prepare(exec, runtime.kind, compile);
  } catch (error) {
    if (error instanceof ZipError) throw new UnusableCode(runtime.unpackFailed, error.message);
    throw error;
  }
}
