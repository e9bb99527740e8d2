/** Sandboxes as containers: source text goes to a spare; a zip gets a sandbox in which it is bound. */

import type { SandboxFactory } from '../../../sandbox/sandbox';
import type { CodeStore, Compile, PreparedCode } from '../code/store';
import { ZipError } from '../code/unzip';
import type { ActionCode, Executable } from '../contract';
import { type ColdContainer, type ContainerProvider, UnusableCode } from '../pool/container-provider';
import type { Catalogue, Flavour } from '../runtimes/catalogue';
import { compileCode } from './compile';
import { describeLaunch } from './launching';
import { SandboxContainer } from './sandbox-container';
import { Spares } from './spares';
import type { Staged } from './staging';

/** What sandboxes are made of. */
export interface SandboxProviderOptions {
  readonly factory: SandboxFactory;
  readonly staged: Staged;
  readonly catalogue: Catalogue;
  readonly store: CodeStore;
  /** Interpreters that wait for source text, per runtime. */
  readonly spares: number;
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
  const spares = new Spares(factory, staged, rest.spares, rest.log);

  async function start({ exec, limits }: Executable, flavour: Flavour): Promise<ColdContainer> {
    const { runtime } = flavour;
    const compile: Compile = (folder, files) => compileCode(factory, staged, runtime, folder, files, limits);
    const prepared = await prepare(exec, flavour, store, compile);
    if (prepared.kind === 'source') {
      const container = await spares.take(flavour);
      return { container, code: { code: prepared.source, path: container.sandbox.codePath } };
    }
    try {
      const sandbox = await factory.start(describeLaunch(flavour, staged, prepared.folder));
      void sandbox.ended.then(() => prepared.release());
      return { container: new SandboxContainer(sandbox), code: { path: sandbox.codePath } };
    } catch (error) {
      prepared.release();
      throw error;
    }
  }

  return {
    runtimes: catalogue.runtimes,
    images: catalogue.images,
    resolve(exec) {
      const flavour = catalogue.resolve(exec);
      return flavour && { runtime: flavour.runtime, start: (action) => start(action, flavour) };
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
    return await store.prepare(exec.code, runtime.kind, compile);
  } catch (error) {
    if (error instanceof ZipError) throw new UnusableCode(runtime.unpackFailed, error.message);
    throw error;
  }
}
