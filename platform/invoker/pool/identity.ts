/** Which invocations may share a warm container. */
import { createHash } from 'node:crypto';
import type { Executable } from '../contract';

/** Digests kept so that megabytes of code need not be hashed at every invocation. */
const REMEMBERED = 256;

export class ExecutableKeys {
  private readonly digests = new Map<string, { readonly length: number; readonly digest: string }>();

  /**
   * Names everything that a container is initialized with: action, version, revision, code, runtime, memory, environment.
   * By contract the code of one revision never changes, so it is hashed once per revision (and again when its length
   * differs).
   */
  of(action: Executable): string {
    const { exec } = action;
    const revision = JSON.stringify([action.namespace, action.name, action.version, action.revision]);
    let known = this.digests.get(revision);
    if (known?.length !== exec.code.length) {
      known = { length: exec.code.length, digest: createHash('sha256').update(exec.code).digest('base64') };
      this.digests.delete(revision);
      this.digests.set(revision, known);
      if (this.digests.size > REMEMBERED) this.digests.delete(this.digests.keys().next().value ?? '');
    }
    const { kind, image = '', binary, main = 'main' } = exec;
    const rest = [known.digest, kind, image, binary, main, action.limits.memory, action.initEnvironment ?? {}];
    return `${revision} ${JSON.stringify(rest)}`;
  }
}
