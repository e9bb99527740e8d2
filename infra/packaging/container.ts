/**
 * Runs Python inside a container image instead of on this machine: folders that its arguments name are mounted at the same
 * places, so that a command line means the same inside. It runs as the calling user, to whom what it makes then belongs.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

/** Settings of pip, of proxies and of certificates that hold inside, too; where pip installs to is not among them. */
const PASSED =
  /^(PIP_(?!USER$|TARGET$|PREFIX$|REQUIREMENT$)\w+|(HTTPS?|ALL|NO)_PROXY|SSL_CERT_FILE|REQUESTS_CA_BUNDLE)$/i;

/** Arguments of `docker` that run `command ...args` in `image`. */
export function dockerRun(
  image: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): string[] {
  const passed = Object.entries(env).flatMap(([name, value]) => (PASSED.test(name) && value ? [[name, value]] : []));
  const settings = [...passed, ['PIP_USER', '0'], ['PIP_DISABLE_PIP_VERSION_CHECK', '1'], ['HOME', '/tmp']];
  const certificates = passed.map(([, value = '']) => value).filter((value) => isFile(value));
  const folders = new Set([command, ...args].filter((arg) => path.isAbsolute(arg)).flatMap(folderOf));
  return [
    'run',
    '--rm',
    // Packages come by whatever way they come to this machine.
    '--network=host',
    ...(process.getuid && process.getgid ? [`--user=${process.getuid()}:${process.getgid()}`] : []),
    ...settings.map(([name, value]) => `--env=${name}=${value}`),
    ...certificates.map((file) => `--volume=${file}:${file}:ro`),
    ...[...folders].sort().map((folder) => `--volume=${folder}:${folder}`),
    `--entrypoint=${command}`,
    image,
    ...args,
  ];
}

/** The folder to mount for a path: itself, or the nearest one above that is there. The system's own is not replaced. */
function folderOf(place: string): string[] {
  let folder = place;
  while (!existsSync(folder) || !statSync(folder).isDirectory()) folder = path.dirname(folder);
  // The Python of a virtual environment needs all of it.
  if (path.basename(folder) === 'bin') folder = path.dirname(folder);
  return /^\/(usr|bin|lib|etc)?$|^\/usr\//.test(folder) ? [] : [folder];
}

function isFile(place: string): boolean {
  return path.isAbsolute(place) && existsSync(place) && statSync(place).isFile();
}
