/** The Docker engine of this machine, where there is one: what the tests of this folder run on. */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { contentTag } from '../../infra/image';

const ROOT = path.resolve(__dirname, '../..');
const STAND_IN = path.join(__dirname, 'stand-in');
/** Debian with Python, as debootstrap makes it: kept in the engine, since it takes minutes. */
const DEBIAN = 'pdfmagic-test/debian-python:bookworm';
const PACKAGES = 'python3,python3-venv,python3-pip,ca-certificates';

/** Runs `docker`; its standard output. @throws Error with all it said */
export function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: buildEnvironment() });
}

/** Both builders work; the classic one needs no plugin. */
function buildEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, DOCKER_BUILDKIT: '0' };
}

/** Why the tests cannot run here; undefined when they can. */
export function whyNot(): string | undefined {
  if (spawnSync('docker', ['version'], { timeout: 20_000 }).status !== 0) return 'no Docker engine answers';
  if (spawnSync('docker', ['image', 'inspect', DEBIAN]).status === 0) return undefined;
  if (process.getuid?.() !== 0) return 'a base image has to be made, for which debootstrap needs root';
  return spawnSync('debootstrap', ['--version']).status === 0 ? undefined : 'debootstrap is not installed';
}

/** Makes the stand-in base image, unless it is there. Its name. */
export function standInBase(): string {
  if (spawnSync('docker', ['image', 'inspect', DEBIAN]).status !== 0) importDebian();
  const name = 'pdfmagic-test/action-python-v3.11:stand-in';
  docker('build', '--quiet', '--build-arg', `DEBIAN=${DEBIAN}`, '--tag', name, STAND_IN);
  return name;
}

function importDebian(): void {
  const script = `set -eu
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    debootstrap --variant=minbase --include=${PACKAGES} bookworm "$folder" > /dev/null
    tar -C "$folder" -c . | docker import - ${DEBIAN}`;
  execFileSync('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Builds runtime/ on a base, under `repository` and its content tag. Its name. */
export function buildRuntimeImage(base: string, repository: string): string {
  const name = `${repository}:${contentTag(base)}`;
  const runtime = path.join(ROOT, 'runtime');
  docker('build', '--quiet', '--network=host', '--build-arg', `BASE_IMAGE=${base}`, '--tag', name, runtime);
  return name;
}
