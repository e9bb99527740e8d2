/**
 * Sandboxes by bubblewrap (bwrap(1)): own mount, pid, ipc and uts namespaces; the system read-only and only what an
 * interpreter needs of it; a private /tmp in memory; the network shared, because actions call storage and this platform.
 */
import { execFile } from 'node:child_process';
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { killProcess } from '../processes/kill';
import type { ProcessRecords } from '../processes/records';
import { listProcesses } from '../processes/stat';
import { descendants } from '../processes/tree';
import { bounded, MAX_TASKS, TEMPORARY_SPACE } from './bounds';
import { type Child, startChild } from './child';
import { becoming, Identities, isRoot, SETPRIV } from './identity';
import { type Sandbox, SandboxError, type SandboxFactory, type SandboxSpec } from './sandbox';
import type { Staged } from './staging';

const CODE = '/action';
const RUNTIME = '/runtime';
const HOME = '/tmp';
/** Folders of the system that may be real ones or links into /usr. */
const SYSTEM = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** Parts of /etc without which programs do not run or cannot resolve and verify hosts: no accounts, no keys. */
const ETC = [
  ...['ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'alternatives', 'localtime', 'timezone', 'mime.types', 'fonts'],
  ...['hosts', 'host.conf', 'resolv.conf', 'nsswitch.conf', 'gai.conf', 'services', 'protocols'],
  ...['ssl/certs', 'ssl/openssl.cnf', 'ca-certificates', 'pki/tls/certs', 'pki/ca-trust'],
  ...['ImageMagick-6', 'ImageMagick-7', 'python3', 'python3.9', 'python3.10', 'python3.11', 'python3.12', 'python3.13'],
];
const POLICY_FOLDERS = ['/etc/ImageMagick-6', '/etc/ImageMagick-7'];

/** Starts sandboxes by the given `bwrap`. Whether it works at all is for the caller to try. */
export async function bubblewrap(bwrap: string, staged: Staged, records: ProcessRecords): Promise<SandboxFactory> {
  const { stdout: help } = await promisify(execFile)(bwrap, ['--help']);
  const system = systemArguments(help.includes('--size'));
  const identities = isRoot() && SETPRIV ? new Identities() : undefined;

  return {
    kind: 'bubblewrap',
    async start(spec) {
      const identity = identities?.take();
      const release = () => identity !== undefined && identities?.release(identity);
      try {
        const command = [bwrap, '--info-fd', '4', ...system, ...specArguments(spec, staged), '--'];
        command.push(...(identity === undefined ? [] : [SETPRIV ?? '', ...becoming(identity)]));
        command.push(...bounded(interpreter(spec), maxTasks(identity !== undefined)));
        const child = await startChild(command, { environment: {}, cwd: '/', detached: true, information: true });
        records.add(child.pid);
        const ended = child.closed.then(() => {
          records.remove(child.pid);
          release();
        });
        return await ready(child, ended);
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

/** Waits until bubblewrap names the first process of the new pid namespace: killing that one ends them all at once. */
async function ready(child: Child, ended: Promise<void>): Promise<Sandbox> {
  const init = await firstProcess(child);
  if (init === undefined) {
    const reason = await text(child);
    await ended;
    throw new SandboxError(`bubblewrap could not make a sandbox: ${reason.trim() || 'it said nothing'}`);
  }
  let isOver = false;
  void child.exited.then(() => {
    isOver = true;
  });
  return {
    pid: init,
    codePath: CODE,
    requests: child.requests,
    answers: child.answers,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    processes: () => (isOver ? [] : descendants(init)),
    kill() {
      // As long as bubblewrap has not seen its child's end, the child's number is nobody else's.
      if (!isOver) killProcess(init);
      return ended;
    },
  };
}

/** The pid that bubblewrap tells. It is listened to until it has said all: a closed descriptor would end it half-way. */
function firstProcess({ information, exited }: Child): Promise<number | undefined> {
  let told = '';
  return new Promise((resolve) => {
    information?.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    information?.once('end', () => {
      const pid = /"child-pid":\s*(\d+)/.exec(told)?.[1];
      resolve(pid === undefined ? undefined : Number(pid));
    });
    void exited.then(() => resolve(undefined));
  });
}

async function text(child: Child): Promise<string> {
  let all = '';
  for await (const chunk of child.stderr) all += String(chunk);
  return all;
}

/** What all sandboxes have in common. */
function systemArguments(knowsSize: boolean): string[] {
  const size = (bytes: number) => (knowsSize ? ['--size', String(bytes)] : []);
  const args = ['--ro-bind', '/usr', '/usr'];
  for (const folder of SYSTEM.filter((name) => existsSync(name))) {
    if (lstatSync(folder).isSymbolicLink()) args.push('--symlink', readlinkSync(folder), folder);
    else args.push('--ro-bind', folder, folder);
  }
  // bubblewrap makes missing parents for their owner alone, and the action is another user.
  for (const folder of ['/etc', '/etc/ssl', '/etc/pki', '/etc/pki/tls', CODE, RUNTIME]) {
    args.push('--perms', '0755', '--dir', folder);
  }
  for (const name of ETC) if (existsSync(`/etc/${name}`)) args.push('--ro-bind', `/etc/${name}`, `/etc/${name}`);
  args.push('--proc', '/proc', '--dev', '/dev');
  args.push('--perms', '1777', ...size(TEMPORARY_SPACE / 8), '--tmpfs', '/dev/shm', '--remount-ro', '/dev');
  args.push('--perms', '1777', ...size(TEMPORARY_SPACE), '--tmpfs', '/tmp');
  args.push('--unshare-pid', '--unshare-ipc', '--unshare-uts', '--hostname', 'action');
  return [...args, '--die-with-parent', '--new-session'];
}

function specArguments(spec: SandboxSpec, staged: Staged): string[] {
  const { runtime } = spec;
  const args = ['--ro-bind', staged.launcherOf(runtime), launcher(spec)];
  if (!runtime.executable.startsWith('/usr/')) args.push('--ro-bind', runtime.executable, executable(spec));
  if (spec.code !== undefined) args.push('--ro-bind', spec.code, CODE);
  if (spec.imagemagickPdf) {
    for (const folder of POLICY_FOLDERS.filter((name) => existsSync(path.join(name, 'policy.xml')))) {
      args.push('--ro-bind', path.join(staged.policyFolder, 'policy.xml'), path.join(folder, 'policy.xml'));
    }
  }
  args.push('--remount-ro', '/', '--chdir', CODE, '--clearenv', '--setenv', 'HOME', HOME);
  for (const [name, value] of Object.entries(runtime.environment)) args.push('--setenv', name, value);
  return args;
}

function launcher({ runtime }: SandboxSpec): string {
  return path.join(RUNTIME, path.basename(runtime.launcher));
}

function executable({ runtime }: SandboxSpec): string {
  return runtime.executable.startsWith('/usr/') ? runtime.executable : path.join(RUNTIME, runtime.family);
}

function interpreter(spec: SandboxSpec): string[] {
  return [executable(spec), ...spec.runtime.flags, launcher(spec)];
}

/**
 * The bound on tasks counts those of a user: a sandbox's own user, or, since Linux 5.14, those within its user namespace.
 * Before that it counts all of the user's on the machine, so theirs are added.
 */
function maxTasks(ownUser: boolean): number {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  if (ownUser || major > 5 || (major === 5 && minor >= 14)) return MAX_TASKS;
  return listProcesses().length * 4 + MAX_TASKS;
}
