/**
 * Which descriptors a sandbox inherits: its own streams and no others. Node.js opens its files so that they close at the
 * start of another program, but a native library need not: LMDB's database is open without that flag, and whoever inherits
 * the descriptor reads and writes the database past every bound.
 */
import { findProgram } from './host';

/** bash closes any descriptor by its number; dash only those up to 9. */
const BASH = findProgram('bash');
const PYTHON = findProgram('python3');

/**
 * A command that closes every descriptor above `last` and becomes `command`, in the same process. It is the first program
 * that runs, so that helpers which stay alive in a sandbox (bubblewrap's) have none of them either. It leaves SHLVL and `_`
 * in the environment.
 * @throws Error when this machine has neither bash nor python3 and inherits descriptors
 */
export function closeDescriptorsAbove(last: number, command: readonly string[]): string[] {
  // libuv starts programs on macOS with POSIX_SPAWN_CLOEXEC_DEFAULT: nothing but the streams is inherited there.
  if (process.platform === 'darwin') return [...command];
  if (BASH) {
    const close = `for at in /proc/self/fd/*; do at=\${at##*/}; [ "$at" -gt ${last} ] && eval "exec $at>&-"; done`;
    return [BASH, '--norc', '--noprofile', '-c', `${close}; exec "$@"`, 'bash', ...command];
  }
  if (PYTHON) {
    const close = `import os, sys; os.closerange(${last + 1}, os.sysconf("SC_OPEN_MAX")); os.execv(sys.argv[1], sys.argv[1:])`;
    return [PYTHON, '-I', '-S', '-c', close, ...command];
  }
  throw new Error(
    'Neither bash nor python3 is installed to close the files that a sandbox must not inherit. Install bash.',
  );
}
