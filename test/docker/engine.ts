/** The Docker engine of this machine, where there is one: what the tests of this folder run on. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeDockerBuildOptions } from '../../infra/image/build-options';
import { computeTag } from '../../infra/image/content-tag';
import { RUNTIME_IMAGE } from '../../infra/image/recipe';

const ROOT = path.resolve(__dirname, '../..');
/** Base images to test on instead of the stand-ins, real ones for example. */
const GIVEN = process.env.PDFMAGIC_TEST_BASE_IMAGE;
const GIVEN_PYTHON = process.env.PDFMAGIC_TEST_CLOUDRUN_BASE_IMAGE;
const STAND_IN = path.join(__dirname, 'stand-in');
/** Whom Debian trusts. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const PACKAGES = 'python3,python3-venv,ca-certificates';
const RELEASE = 'bookworm';
/** Debian with Python, as debootstrap makes it: kept in the engine under a tag of what it is made of, since it takes minutes. */
const DEBIAN = `pdfmagic-test/debian-python:${RELEASE}-${createHash('sha256').update(PACKAGES).digest('hex').slice(0, 8)}`;

/** Runs `docker`; its standard output. @throws Error with all it said */
export function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
}

/** The classic builder needs no plugin of the command; the BuildKit of the engine is what Pulumi's plugin builds with. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, DOCKER_BUILDKIT: '0' };
}

function has(image: string): boolean {
  return spawnSync('docker', ['image', 'inspect', image], { stdio: 'ignore' }).status === 0;
}

/** Why the tests cannot run here; undefined when they can. @param given the base images to test on, all that are needed */
export function whyNot(given: readonly (string | undefined)[] = [GIVEN]): string | undefined {
  const { error, status } = spawnSync('docker', ['version'], { timeout: 20_000, stdio: 'ignore' });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') return 'there is no docker command';
  if (status !== 0) return 'no Docker engine answers';
  if (!given.includes(undefined) || has(DEBIAN)) return undefined;
  if (process.getuid?.() !== 0) return 'a base image has to be made, for which debootstrap needs root';
  const { status: present } = spawnSync('debootstrap', ['--version'], { stdio: 'ignore' });
  return present === 0 ? undefined : 'debootstrap is not installed';
}

/** The base image to test on: PDFMAGIC_TEST_BASE_IMAGE, else the stand-in, made unless it is there. Its name. */
export function testBase(): string {
  if (GIVEN !== undefined) return GIVEN;
  if (!has(DEBIAN)) importDebian();
  const name = 'pdfmagic-test/action-python-v3.11:stand-in';
  docker('build', '--quiet', '--build-arg', `DEBIAN=${DEBIAN}`, '--tag', name, STAND_IN);
  return name;
}

/** Why tests that need both base images cannot run here; undefined when they can. */
export function whyNotCloudRun(): string | undefined {
  return whyNot([GIVEN, GIVEN_PYTHON]);
}

/** The base image for Cloud Run: PDFMAGIC_TEST_CLOUDRUN_BASE_IMAGE, else a stand-in, made unless it is there. Its name. */
export function testPythonBase(): string {
  if (GIVEN_PYTHON !== undefined) return GIVEN_PYTHON;
  if (!has(DEBIAN)) importDebian();
  const name = 'pdfmagic-test/python:stand-in';
  const context = mkdtempSync(path.join(tmpdir(), 'pdfmagic-python-'));
  copyFileSync(path.join(STAND_IN, 'python.Dockerfile'), path.join(context, 'Dockerfile'));
  // A machine behind a proxy that looks into what it passes on has that one's certificate there.
  copyFileSync(CERTIFICATES, path.join(context, 'certificates.pem'));
  docker('build', '--quiet', '--build-arg', `DEBIAN=${DEBIAN}`, '--tag', name, context);
  rmSync(context, { recursive: true });
  return name;
}

/** From Debian's default mirror. Of the test files that want it at once, one makes it and the others wait. */
function importDebian(): void {
  const script = `set -eu
    if docker image inspect "$1" > /dev/null 2>&1; then exit; fi
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    debootstrap --variant=minbase --include=${PACKAGES} ${RELEASE} "$folder" >&2
    tar -C "$folder" --exclude=./var/cache/apt/archives/* --exclude=./var/lib/apt/lists/* -c . | docker import - "$1"`;
  const lock = path.join(tmpdir(), 'pdfmagic-test-debian.lock');
  execFileSync('flock', [lock, 'sh', '-c', script, 'sh', DEBIAN], {
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 24,
  });
}

/** Builds runtime/, or a changed copy of it, on a base, under `repository` and its content tag. Its name. */
export function buildRuntimeImage(base: string, repository: string, folder = path.join(ROOT, 'runtime')): string {
  const name = `${repository}:${computeTag(RUNTIME_IMAGE, base, folder)}`;
  docker('build', '--quiet', '--force-rm', ...writeDockerBuildOptions(base), '--network=host', '--tag', name, folder);
  return name;
}
