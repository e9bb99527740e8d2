/**
 * Sandboxes as plain processes, for where namespaces are not to be had: an own session, a private folder for temporary
 * files and for a copy of the code, a bare environment and the kernel's bounds; for root also an own user per sandbox.
 * An action of the platform's own user can still read what that user can read: hence the warning.
 */
import { execFile } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, mkdirSync, mkdtempSync, realpathSync, statSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { killProcess, killUntilGone } from '../processes/kill';
import type { ProcessRecords } from '../processes/records';
import { listProcesses, type ProcessEntry } from '../processes/stat';
import { bounded, MAX_TASKS } from './bounds';
import { startChild } from './child';
import { becoming, Identities, isRoot, SETPRIV } from './identity';
import type { SandboxFactory, SandboxSpec } from './sandbox';
import type { Staged } from './staging';

/** How long the streams of dead processes may take to be read to their end, in milliseconds. */
const STREAM_PATIENCE = 1_000;

/** The private folder of a sandbox. */
interface PrivateFolder {
  readonly root: string;
  readonly code: string;
  readonly temporary: string;
  readonly launcher: string;
}

/** `warning` tells the user why sandboxes are no containers. */
export function plainProcesses(staged: Staged, records: ProcessRecords, warning: string): SandboxFactory {
  const identities = isRoot() && SETPRIV ? new Identities() : undefined;

  return {
    kind: 'process',
    warning,
    async start(spec) {
      const identity = openToAll(spec.runtime.executable) ? identities?.take() : undefined;
      const folder = await makeFolder(spec, staged, identity);
      const remove = async () => {
        await rm(folder.root, { recursive: true, force: true, maxRetries: 5 });
        if (identity !== undefined) identities?.release(identity);
      };
      try {
        const child = await startChild(command(spec, folder, identity), {
          environment: environment(spec, folder, staged),
          cwd: folder.code,
          detached: true,
          information: false,
        });
        records.add(child.pid, folder.root);
        const known = new Map<number, string>();
        const find = () => members(child.pid, known);
        const ended = child.exited.then(async () => {
          await killUntilGone(find);
          // A daemon that escaped may hold the streams open for ever.
          await Promise.race([child.closed, delay(STREAM_PATIENCE, undefined, { ref: false })]);
          for (const stream of child.process.stdio) stream?.destroy();
          await remove();
          records.remove(child.pid);
        });
        return {
          pid: child.pid,
          codePath: folder.code,
          requests: child.requests,
          answers: child.answers,
          stdout: child.stdout,
          stderr: child.stderr,
          ended,
          processes: () => find().map((entry) => entry.pid),
          kill() {
            for (const { pid } of find()) killProcess(pid);
            return ended;
          },
        };
      } catch (error) {
        await remove();
        throw error;
      }
    },
  };
}

/**
 * All processes of a sandbox: its session and process group, what descends from these, and what was once seen among them
 * (a daemon leaves its session and its parents; the table remembers it by pid and start).
 */
function members(leader: number, known: Map<number, string>): ProcessEntry[] {
  const entries = listProcesses();
  const found = new Map<number, ProcessEntry>();
  for (const entry of entries) {
    const isMember = entry.session === leader || entry.group === leader || known.get(entry.pid) === entry.started;
    if (isMember) found.set(entry.pid, entry);
  }
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const entry of entries) if (found.has(entry.parent)) found.set(entry.pid, entry);
  }
  known.clear();
  for (const entry of found.values()) known.set(entry.pid, entry.started);
  return [...found.values()];
}

async function makeFolder(spec: SandboxSpec, staged: Staged, identity: number | undefined): Promise<PrivateFolder> {
  const root = mkdtempSync(path.join(realpathSync(tmpdir()), 'pdfmagic-sandbox-'));
  const folder = { root, code: path.join(root, 'action'), temporary: path.join(root, 'tmp'), launcher: '' };
  mkdirSync(folder.temporary, { mode: 0o700 });
  if (spec.code === undefined) mkdirSync(folder.code, { mode: 0o755 });
  // An own copy, since nothing hinders a process of the same user from writing. cp(1) takes a tenth of fs.cp's time.
  else await promisify(execFile)('/bin/cp', ['-RP', spec.code, folder.code]);
  const launcher = path.join(root, path.basename(spec.runtime.launcher));
  await copyFile(staged.launcherOf(spec.runtime), launcher);
  mkdirSync(path.join(root, 'ImageMagick'));
  if (spec.imagemagickPdf) {
    await copyFile(path.join(staged.policyFolder, 'policy.xml'), path.join(root, 'ImageMagick', 'policy.xml'));
  }
  if (identity !== undefined) {
    chownSync(folder.temporary, identity, identity);
    chmodSync(root, 0o750);
    chownSync(root, 0, identity);
  }
  return { ...folder, launcher };
}

function command(spec: SandboxSpec, folder: PrivateFolder, identity: number | undefined): string[] {
  const { runtime } = spec;
  const interpreter = bounded([runtime.executable, ...runtime.flags, folder.launcher], maxTasks(identity));
  if (!SETPRIV) return interpreter;
  return [
    SETPRIV,
    '--pdeathsig=KILL',
    ...(identity === undefined ? ['--no-new-privs'] : becoming(identity)),
    ...interpreter,
  ];
}

/** Nothing of the platform's own environment; temporary files and ImageMagick's configuration in the private folder. */
function environment({ runtime, imagemagickPdf }: SandboxSpec, folder: PrivateFolder, staged: Staged) {
  const imagemagick = imagemagickPdf ? { XDG_CONFIG_HOME: folder.root, ...staged.policyLimits } : {};
  return { ...runtime.environment, HOME: folder.temporary, TMPDIR: folder.temporary, ...imagemagick };
}

/** A user's tasks on the whole machine count; so only with an own user is the bound the sandbox's alone. */
function maxTasks(identity: number | undefined): number {
  return identity === undefined ? listProcesses().length * 4 + MAX_TASKS : MAX_TASKS;
}

/** True when any user may run this file, also through every folder above it. */
function openToAll(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    for (let at = realpathSync(file); at !== path.dirname(at); at = path.dirname(at)) {
      if ((statSync(at).mode & 0o001) === 0) return false;
    }
    return true;
  } catch {
    return false;
  }
}
