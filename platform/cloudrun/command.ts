/** How an instance is started: the container's entry by a virtual environment, in a sandbox as the invoker's actions. */
import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { assembleCloudRun } from '../../infra/image/cloudrun-context';
import { BUILD_DIR, ensureVirtualenv, PROJECT_ROOT, type Virtualenv } from '../../infra/packaging';
import { chooseSandbox } from '../../sandbox/choose';
import { ProcessRecords } from '../../sandbox/processes/records';
import type { SandboxFactory, SandboxSpec } from '../../sandbox/sandbox';
import { readSandboxChoice } from '../invoker/options';
import { stage } from '../invoker/sandboxes/staging';

/** What instances are made of. */
export interface Command {
  readonly factory: SandboxFactory;
  /** An instance that listens at `address` (HOST:PORT), with these variables of the service. */
  makeSpec(address: string, environment: Readonly<Record<string, string>>): SandboxSpec;
}

const REQUIREMENTS = path.join(PROJECT_ROOT, 'actions', 'requirements', 'cloudrun.txt');
const CONFIG = path.join('cloudrun', 'gunicorn.conf.py');
const COPY = 'code-';

/**
 * Installs what the service needs unless it is there, copies the code as it is now, and finds the sandbox to be had here.
 * @param folder of its own in the platform's data
 * @throws PackagingError when it cannot be installed, SandboxError when bubblewrap was asked for and does not work
 */
export async function prepareCommand(folder: string, log: (line: string) => void): Promise<Command> {
  const dir = path.join(BUILD_DIR, 'tools', 'cloudrun');
  const virtualenv = await ensureVirtualenv({
    dir,
    title: 'the libraries of the Cloud Run service',
    requirements: REQUIREMENTS,
    onProgress: log,
  });
  // One that another user installed is as that one left it.
  await openToAll(virtualenv.path).catch(() => {});
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const staged = await stage(folder, []);
  const common = {
    executable: virtualenv.python,
    shown: [virtualenv.path, findBasePrefix(virtualenv)],
    code: await copyCode(folder),
    imagemagickPdf: true,
  };
  const own = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', PYTHONUNBUFFERED: '1' };
  const trial = { name: 'a service', spec: { ...common, args: () => ['-c', ''], environment: own } };
  const factory = await chooseSandbox(readSandboxChoice(), [trial], staged, new ProcessRecords(folder));
  if (factory.warning !== undefined) log(`cloudrun: ${factory.warning}`);
  const gunicorn = ['-B', virtualenv.program('gunicorn'), '--config'];
  return {
    factory,
    makeSpec: (address, environment) => ({
      ...common,
      args: (code) => [...gunicorn, path.join(code, CONFIG), '--bind', address],
      environment: { ...own, ...environment },
    }),
  };
}

/** Ends what a platform that was killed left running, and removes its copies of the code. @returns how many were alive */
export async function removeProcesses(folder: string): Promise<number> {
  const records = new ProcessRecords(folder);
  const left = (await records.reap()) + (await records.reapUnrecorded(folder));
  const copies = (await readdir(folder)).filter((name) => name.startsWith(COPY));
  await Promise.all(copies.map((name) => rm(path.join(folder, name), { recursive: true })));
  return left;
}

/** The image's content, for as long as the platform runs: revisions keep theirs. */
async function copyCode(folder: string): Promise<string> {
  const copy = await mkdtemp(path.join(folder, COPY));
  const { context } = await assembleCloudRun();
  await cp(path.join(PROJECT_ROOT, context), copy, { recursive: true });
  await openToAll(copy);
  return copy;
}

/** For the sandbox's own user, whatever the umask was. */
async function openToAll(folder: string): Promise<void> {
  await promisify(execFile)('/bin/chmod', ['-R', 'go+rX', folder]);
}

/** Where the interpreter of a virtual environment really is. */
function findBasePrefix({ python }: Virtualenv): string {
  const { stdout } = spawnSync(python, ['-c', 'import sys; print(sys.base_prefix)'], { encoding: 'utf8' });
  return stdout.trim();
}
