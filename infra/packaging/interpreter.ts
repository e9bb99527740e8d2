/** Which Python an interpreter's command means, found without starting it where its name tells. */
import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { isExecutable } from '../../ground/executable';
import { PackagingError } from './errors';

/** A Python interpreter of this machine, or of a container image. */
export interface Interpreter {
  /** Absolute path of the command, in the image if there is one; links not followed (a virtual environment's must stay one). */
  readonly command: string;
  /** Major and minor version, e.g. `3.11`. */
  readonly version: string;
  /** Id or name of the image that it is in; undefined for one of this machine. */
  readonly image?: string;
}

/**
 * Finds an interpreter by path or by name on the PATH. A name such as `python3.11`, also behind links, tells the version;
 * otherwise the interpreter is asked, which costs some milliseconds.
 * @throws PackagingError when there is none, or it is no Python 3
 */
export async function findInterpreter(command: string): Promise<Interpreter> {
  const found = locate(command);
  if (found === undefined) {
    throw new PackagingError(
      `There is no Python interpreter '${command}' on this machine. Install it (Debian, Ubuntu: ` +
        '`sudo apt install python3 python3-venv`) or name another one.',
    );
  }
  const named = /^python(3\.\d+)$/.exec(path.basename(realpathSync(found)));
  return { command: found, version: named?.[1] ?? (await askVersion(found)) };
}

/** The system's own interpreter, which every sandbox can see, before one of somebody's home. */
export function chooseDefaultPython(): string {
  return locate('/usr/bin/python3') ?? 'python3';
}

function locate(command: string): string | undefined {
  const candidates = command.includes('/')
    ? [path.resolve(command)]
    : (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, command));
  return candidates.find(isExecutable);
}

async function askVersion(command: string): Promise<string> {
  const program = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const answer = await promisify(execFile)(command, ['-I', '-c', program], { timeout: 30_000 }).catch(() => undefined);
  const version = answer?.stdout.trim() ?? '';
  if (!/^3\.\d+$/.test(version))
    throw new PackagingError(`'${command}' is not Python 3. Asked for its version, it answers '${version}'.`);
  return version;
}
