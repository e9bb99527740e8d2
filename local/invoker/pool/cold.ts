/** Starting a container for an action that has no warm one. */
import type { CodeSource } from '../activation/environment';
import type { CodeStore } from '../code/store';
import type { ActionCode } from '../contract';
import type { SandboxFactory } from '../sandbox/sandbox';
import { Container } from './container';
import type { Flavour, Spares } from './spares';

/** A container that is still to be initialized, and with what. */
export interface ColdContainer {
  readonly container: Container;
  readonly code: CodeSource;
}

/**
 * Source text goes to a spare; a zip gets a sandbox in which it is bound.
 * @throws ZipError for a zip that cannot be unpacked, SandboxError when no sandbox can be started
 */
export async function startCold(
  exec: ActionCode,
  flavour: Flavour,
  from: { readonly factory: SandboxFactory; readonly store: CodeStore; readonly spares: Spares },
): Promise<ColdContainer> {
  const prepared = exec.binary
    ? await from.store.prepare(exec.code, flavour.runtime)
    : { kind: 'source' as const, source: exec.code };
  if (prepared.kind === 'source') {
    const container = await from.spares.take(flavour);
    return { container, code: { code: prepared.source, path: container.sandbox.codePath } };
  }
  try {
    const sandbox = await from.factory.start({ ...flavour, code: prepared.folder });
    void sandbox.ended.then(() => prepared.release());
    return { container: new Container(sandbox), code: { path: sandbox.codePath } };
  } catch (error) {
    prepared.release();
    throw error;
  }
}
