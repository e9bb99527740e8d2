/**
 * Runs Python inside a container image instead of on this machine. Folders are mounted at their own places, so that a command
 * line means the same inside, and it runs as the calling user, to whom what it makes then belongs.
 */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** Absolute paths of this machine that a command line names. */
export interface Mounts {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** What GKE's nodes run, whatever this machine is. */
export const PLATFORM = 'linux/amd64';

/** Settings of pip, of proxies and of certificates hold inside, too; but where pip writes to is not somebody's shell's to say. */
const PASSED =
  /^(PIP_(?!(USER|TARGET|PREFIX|ROOT|PYTHON|REQUIREMENT|LOG|SRC|CACHE_DIR)$)\w+|(HTTPS?|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$/i;
/** Where files and folders named by a setting are mounted. */
const SETTINGS = '/run/pdfmagic';

/**
 * Arguments of `docker` that run `command ...args` in `image`. Values of settings do not show among them: `docker` takes
 * them from its own environment.
 */
export function writeDockerRun(
  image: string,
  command: string,
  args: readonly string[],
  mounts: Mounts,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string[] {
  return [
    'run',
    '--rm',
    `--platform=${PLATFORM}`,
    // Packages come by whatever way they come to this machine.
    '--network=host',
    ...(process.getuid && process.getgid ? [`--user=${process.getuid()}:${process.getgid()}`] : []),
    ...Object.entries(env).flatMap(([name, value]) => (PASSED.test(name) && value ? passSetting(name, value) : [])),
    ...['--env=PIP_USER=0', '--env=PIP_DISABLE_PIP_VERSION_CHECK=1', '--env=HOME=/tmp'],
    '--env=PYTHONHASHSEED=0',
    ...keepOutermost(mounts.write).map((folder) => mount(folder, folder)),
    ...keepOutermost(mounts.read).map((folder) => mount(folder, folder, 'readonly')),
    `--entrypoint=${command}`,
    image,
    ...args,
  ];
}

/** A certificate, a pip.conf or a folder of wheels has to be there as well as to be named. */
function passSetting(name: string, value: string): string[] {
  if (!path.isAbsolute(value) || !existsSync(value)) return [`--env=${name}`];
  const inside = `${SETTINGS}/${name}`;
  return [`--env=${name}=${inside}`, mount(realpathSync(value), inside, 'readonly')];
}

/** In the form of CSV, which `--mount` takes: a path may hold anything. */
function mount(source: string, target: string, ...flags: string[]): string {
  const fields = ['type=bind', `source=${source}`, `target=${target}`, ...flags];
  return `--mount=${fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}`;
}

/** Folders within folders come along with them. */
function keepOutermost(folders: readonly string[]): string[] {
  const sorted = [...new Set(folders)].sort();
  return sorted.filter(
    (folder) => !sorted.some((other) => other !== folder && folder.startsWith(`${other}${path.sep}`)),
  );
}
