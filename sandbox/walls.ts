/**
 * The walls of a sandbox by bubblewrap (bwrap(1)), as its arguments: own mount, pid, ipc, uts and cgroup namespaces; the
 * system read-only and only what a program needs of it; a private /tmp in memory; the network shared, because actions call
 * storage and this platform.
 */
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { TEMPORARY_SPACE } from './bounds';
import type { ImageMagickPolicy, SandboxSpec } from './sandbox';

/** Where the code is, and the files of the project itself. */
export const CODE = '/action';
const RUNTIME = '/runtime';
/** Folders in memory, which a program may write. */
export const TEMPORARY = ['/tmp', '/dev/shm'] as const;
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
/** What /proc tells of the machine and its users beyond the processes of the sandbox: names of keys, as in Docker. */
const MASKED = ['/proc/keys', '/proc/key-users', '/proc/kcore', '/proc/timer_list', '/proc/sched_debug'];

/** What all sandboxes have in common. `knowsSize`: this bubblewrap can bound a folder in memory. */
export function listSystemArguments(knowsSize: boolean): string[] {
  const size = (bytes: number) => (knowsSize ? ['--size', String(bytes)] : []);
  const args = ['--ro-bind', '/usr', '/usr'];
  for (const folder of SYSTEM.filter((name) => existsSync(name))) {
    if (lstatSync(folder).isSymbolicLink()) args.push('--symlink', readlinkSync(folder), folder);
    else args.push('--ro-bind', folder, folder);
  }
  args.push(...openFolders(['/etc', '/etc/ssl', '/etc/pki', '/etc/pki/tls', CODE, RUNTIME]));
  for (const name of ETC) if (existsSync(`/etc/${name}`)) args.push('--ro-bind', `/etc/${name}`, `/etc/${name}`);
  args.push('--proc', '/proc', '--dev', '/dev');
  for (const file of MASKED) if (existsSync(file)) args.push('--ro-bind', '/dev/null', file);
  const [tmp, shared] = TEMPORARY;
  args.push('--perms', '1777', ...size(TEMPORARY_SPACE / 8), '--tmpfs', shared, '--remount-ro', '/dev');
  args.push('--perms', '1777', ...size(TEMPORARY_SPACE), '--tmpfs', tmp);
  args.push('--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--hostname', 'action');
  return [...args, '--die-with-parent', '--new-session'];
}

/** What is this sandbox's own. */
export function listOwnArguments(spec: SandboxSpec, { policyFolder }: ImageMagickPolicy): string[] {
  const args: string[] = [];
  if (spec.script !== undefined) args.push('--ro-bind', spec.script, showScript(spec.script));
  if (spec.packages !== undefined) args.push('--ro-bind', spec.packages, path.join(RUNTIME, 'packages'));
  for (const folder of (spec.shown ?? []).filter((name) => !isSystem(name))) {
    args.push(...openFolders(parentsOf(folder)), '--ro-bind', folder, folder);
  }
  if (isLone(spec)) args.push('--ro-bind', spec.executable, findExecutable(spec));
  if (spec.code !== undefined) args.push('--ro-bind', spec.code, CODE);
  if (spec.imagemagickPdf) {
    for (const folder of POLICY_FOLDERS.filter((name) => existsSync(path.join(name, 'policy.xml')))) {
      args.push('--ro-bind', path.join(policyFolder, 'policy.xml'), path.join(folder, 'policy.xml'));
    }
  }
  return [...args, '--remount-ro', '/', '--chdir', CODE];
}

/** The program with its arguments, as it is within the walls. */
export function showCommand(spec: SandboxSpec): string[] {
  const script = spec.script === undefined ? [] : [showScript(spec.script)];
  return [findExecutable(spec), ...spec.args(CODE), ...script];
}

function showScript(script: string): string {
  return path.join(RUNTIME, path.basename(script));
}

/** One file outside of all that is shown. */
function isLone({ executable: file, shown = [] }: SandboxSpec): boolean {
  return !isSystem(file) && !shown.some((folder) => file.startsWith(folder + path.sep));
}

function findExecutable(spec: SandboxSpec): string {
  return isLone(spec) ? path.join(RUNTIME, 'program') : spec.executable;
}

function isSystem(file: string): boolean {
  return file === '/usr' || file.startsWith('/usr/');
}

/** bubblewrap makes missing parents for their owner alone, and the program is another user. */
function openFolders(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => ['--perms', '0755', '--dir', folder]);
}

function parentsOf(folder: string): string[] {
  const parents: string[] = [];
  for (let at = path.dirname(folder); at !== path.dirname(at); at = path.dirname(at)) parents.unshift(at);
  return parents;
}
