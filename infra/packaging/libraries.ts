/**
 * The `virtualenv/` folder of an action's zip: `bin/activate_this.py` and the pinned libraries, as OpenWhisk's Python runtime
 * wants it. Only `virtualenv` makes that script, and it hardcodes `lib/pythonX.Y`: the runtime's version must be the same.
 *
 * Source: apache/openwhisk-runtime-python (README, "virtualenv"; `bin/compile` answers "Invalid virtualenv" otherwise).
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { compileLibraries } from './byte-code';
import type { Mounts } from './container';
import { type Entry, listFilesBelow } from './entries';
import { PackagingError } from './errors';
import type { Interpreter } from './interpreter';
import { runPython, writePipInstall } from './python';
import { makeVenv } from './venv';
import { ensureVirtualenv } from './virtualenv';

/** Pins of `virtualenv` itself: it writes a part of the zip. */
export const TOOL_REQUIREMENTS = path.join(__dirname, 'requirements', 'virtualenv.txt');

/** Of what is said about a library, `importlib.metadata` reads these alone; the rest tells when, where and by what it was made. */
const UNREAD = /\.dist-info\/(?!(METADATA|entry_points\.txt)$)/;
/** What no interpreter reads: types, declarations, tests, the sources of compiled modules, traces of the installation. */
const UNUSED =
  /^(.*\.(pyi|pyc|proto|pxd|pyx|h|c|virtualenv)|py\.typed|__pycache__|tests?|_testing|_virtualenv\.(py|pth))$/;

/** What libraries to install for which interpreter. */
export interface LibrariesArgs {
  readonly buildDir: string;
  /** Hash of everything that the result depends on: names the cached folder. */
  readonly key: string;
  readonly requirements: string;
  /** What is in them, in words for messages. */
  readonly title: string;
  readonly interpreter: Interpreter;
  readonly onProgress?: ((line: string) => void) | undefined;
}

const underWay = new Map<string, Promise<string>>();

/** The files of `virtualenv/`, installed once per key, also when several actions ask at once. */
export async function listLibraries(args: LibrariesArgs): Promise<Entry[]> {
  const folder = path.join(args.buildDir, 'libraries', args.key);
  if (!existsSync(folder)) {
    const running = underWay.get(folder) ?? install(args, folder).finally(() => underWay.delete(folder));
    underWay.set(folder, running);
    await running;
  }
  return listFilesBelow(folder, 'virtualenv/', () => true);
}

async function install(args: LibrariesArgs, folder: string): Promise<string> {
  const { interpreter, requirements, title, onProgress } = args;
  const draft = `${folder}.${process.pid}-${randomUUID().slice(0, 8)}`;
  onProgress?.(`installing ${title} for Python ${interpreter.version} (only once) ...`);
  const made = `${draft}.made`;
  const mounts = {
    read: [requirements, TOOL_REQUIREMENTS].map((file) => path.dirname(path.resolve(file))),
    write: [path.dirname(folder)],
  };
  await mkdir(path.dirname(folder), { recursive: true });
  try {
    const tool = await prepareVirtualenvTool(args, `${draft}.tool`, mounts);
    const make = ['-m', 'virtualenv', '--quiet', '--no-seed', '--no-vcs-ignore', '--python', interpreter.command, made];
    await runPython(tool, make, `making a virtualenv for Python ${interpreter.version}`, mounts);
    const into = ['--python', path.join(made, 'bin', 'python')];
    await runPython(tool, writePipInstall(requirements, false, into), `installing ${title}`, mounts);
    const kept = await trim(made, draft, interpreter);
    await compileLibraries(title, kept, interpreter, draft);
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // else another process was first, with the same content
    });
  } finally {
    await rm(made, { recursive: true, force: true });
    await rm(`${draft}.tool`, { recursive: true, force: true });
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/** A Python that has `virtualenv`: the project's own tool on this machine; in an image, one made for this once. */
async function prepareVirtualenvTool(
  args: LibrariesArgs,
  folder: string,
  mounts: Mounts,
): Promise<Pick<Interpreter, 'command' | 'image'>> {
  const { interpreter, buildDir, onProgress } = args;
  if (interpreter.image === undefined) {
    const tool = await ensureVirtualenv({
      dir: path.join(buildDir, 'tools', 'virtualenv'),
      title: 'virtualenv',
      requirements: TOOL_REQUIREMENTS,
      compiled: false,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    return { command: tool.python };
  }
  await makeVenv(interpreter, folder, 'making a virtual environment inside the image', mounts);
  if (!existsSync(folder)) {
    throw new PackagingError(
      'What is made inside the image does not arrive in this folder: the Docker engine must run on this machine. Is DOCKER_HOST set?',
    );
  }
  const tool = { command: path.join(folder, 'bin', 'python'), image: interpreter.image };
  await runPython(tool, writePipInstall(TOOL_REQUIREMENTS, false), 'installing virtualenv inside the image', mounts);
  return tool;
}

/** Copies what the runtime needs, and lists it: no interpreter, no links, no scripts with this machine's paths. */
async function trim(made: string, draft: string, { command, version, image }: Interpreter): Promise<Entry[]> {
  const inside = path.join('lib', `python${version}`, 'site-packages');
  if (!existsSync(path.join(made, inside))) {
    const found = (await readdir(path.join(made, 'lib')).catch(() => [])).join(', ') || 'no Python at all';
    const where = image === undefined ? '' : ` of the image ${image}`;
    throw new PackagingError(
      `'${command}'${where} was taken for Python ${version}, but the virtualenv made by it is for ${found}: the actions ` +
        'would not find their libraries.',
    );
  }
  const packages = await listFilesBelow(path.join(made, inside), `${inside}/`, (base, file) => {
    return !UNUSED.test(base) && !UNREAD.test(file);
  });
  const script = 'bin/activate_this.py';
  const all = [...packages, { name: script, file: path.join(made, script) }];
  for (const { name, file } of all) await cp(file, path.join(draft, name));
  return all.map(({ name }) => ({ name, file: path.join(draft, name) }));
}
