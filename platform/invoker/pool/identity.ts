/** Which invocations may share a warm container. */
import { createHash } from 'node:crypto';
import type { Executable } from '../contract';

/** Digests kept so that megabytes of code need not be hashed at every invocation. */
const REMEMBERED = 256;

export class ExecutableKeys {
  private readonly digests = new Map<string, { readonly length: number; readonly digest: string }>();

  /**
   * Names everything that a container is initialized with: action, version, revision, code, runtime, memory, environment.
   * Code without an id is hashed: once per revision, whose code never changes by contract, and again when its length differs.
   */
  of(action: Executable): string {
    const { exec } = action;
    const revision = JSON.stringify([action.namespace, action.name, action.version, action.revision]);
    const { kind, image = '', binary, main = 'main' } = exec;
    const code = exec.codeId ?? this.digestOf(revision, exec.code);
    const rest = [code, kind, image, binary, main, action.limits.memory, action.initEnvironment ?? {}];
    return `${revision} ${JSON.stringify(rest)}`;
  }

  private digestOf(revision: string, code: string): string {
    let known = this.digests.get(revision);
    if (known?.length !== code.length) {
      known = { length: code.length, digest: createHash('sha256').update(code).digest('base64') };
      this.digests.delete(revision);
      this.digests.set(revision, known);
      if (this.digests.size > REMEMBERED) this.digests.delete(this.digests.keys().next().value ?? '');
    }
    return known.digest;
  }
}
