/** The Python of this machine as the runtime `python:X.Y`. */
import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { findOnPath, isBelowSomeHome } from '../../../../sandbox/host';
import { COMPILE_FAILED, START_FAILED } from '../../activation/messages';
import type { RuntimeDescription } from '../runtime';

const run = promisify(execFile);
const PROBE =
  'import os, sys; print("%d.%d" % sys.version_info[:2]); print(sys.executable); print(sys.implementation.cache_tag)';

/**
 * Finds Python 3: the system's own, else the first on PATH that is not below somebody's home (pyenv and the like), because
 * no home is to be seen in a sandbox. Undefined when there is none.
 */
export async function findPython(): Promise<RuntimeDescription | undefined> {
  for (const candidate of ['/usr/bin/python3', '/usr/local/bin/python3', ...findOnPath('python3')]) {
    try {
      if (isBelowSomeHome(await realpath(candidate))) continue;
      const { stdout } = await run(candidate, ['-I', '-c', PROBE], { timeout: 20_000 });
      const [version, executable, byteCodeTag = ''] = stdout.trim().split('\n');
      if (version?.startsWith('3.') && executable && !isBelowSomeHome(executable)) {
        return describe(version, executable, byteCodeTag);
      }
    } catch {
      // Not there, or not a Python that starts.
    }
  }
  return undefined;
}

function describe(version: string, executable: string, byteCodeTag: string): RuntimeDescription {
  return {
    kind: `python:${version}`,
    family: 'python',
    image: `openwhisk/action-python-v${version}`,
    executable,
    // Isolated: neither PYTHON* variables nor a user's site-packages; the code is read-only, so no bytecode is written.
    flags: ['-I', '-B', '-X', 'utf8'],
    launcher: path.join(__dirname, 'launcher.py'),
    environment: { PYTHONIOENCODING: 'UTF-8', __OW_EXECUTION_ENV: `openwhisk/action-python-v${version}` },
    exitDuringInit: { error: START_FAILED, log: 'Command exited abruptly during initialization.' },
    unpackFailed: COMPILE_FAILED,
    exitDuringRun: 'command exited',
    countsLineEnd: true,
    compiler: path.join(__dirname, 'compile.py'),
    byteCodeTag,
  };
}
