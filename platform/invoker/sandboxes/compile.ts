/** Compiling an action's code within the same walls and bounds in which it will run. */

import path from 'node:path';
import { excessOf } from '../../../sandbox/measurement';
import type { SandboxFactory } from '../../../sandbox/sandbox';
import type { ActionLimits } from '../contract';
import type { RuntimeDescription } from '../runtimes/runtime';
import type { Staged } from './staging';

const MIB = 1024 * 1024;
/** Bytes of byte code that are taken. */
const MAX_BYTE_CODE = 128 * MIB;
/** Milliseconds that compiling may take, if the action may. */
const MAX_TIME = 60_000;
/** Milliseconds between two measurements. */
const PERIOD = 100;

/**
 * The byte code of an unpacked action as a zip; undefined when there is none within the action's limits, or each of its Python files
 * brings its own for this interpreter.
 * @param files all of the action, by their path inside `code`
 */
export async function compileCode(
  factory: SandboxFactory,
  staged: Staged,
  { executable, flags, environment, compiler, byteCodeTag }: RuntimeDescription,
  code: string,
  files: readonly string[],
  limits: ActionLimits,
): Promise<Buffer | undefined> {
  if (compiler === undefined || isCompiled(files, byteCodeTag)) return undefined;
  const script = staged.copyOf(compiler);
  const sandbox = await factory.start({
    ...{ executable, args: () => flags, script, environment, code },
    imagemagickPdf: false,
  });
  let whole = true;
  const abort = () => {
    whole = false;
    void sandbox.kill();
  };
  const chunks: Buffer[] = [];
  let size = 0;
  sandbox.answers.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_BYTE_CODE) abort();
    else chunks.push(chunk);
  });
  // What it has to say of the code, the action says again when it is loaded.
  sandbox.stdout.resume();
  sandbox.stderr.resume();
  sandbox.requests.end();
  const late = setTimeout(abort, Math.min(limits.timeout, MAX_TIME));
  const measuring = setInterval(() => excessOf(sandbox, limits.memory * MIB, false) && abort(), PERIOD);
  await sandbox.ended;
  clearTimeout(late);
  clearInterval(measuring);
  return whole ? Buffer.concat(chunks) : undefined;
}

function isCompiled(files: readonly string[], tag = ''): boolean {
  const there = new Set(files);
  return files
    .filter((file) => file.endsWith('.py'))
    .every((file) => {
      const { dir, name } = path.posix.parse(file);
      return there.has(path.posix.join(dir, '__pycache__', `${name}.${tag}.pyc`));
    });
}
