/**
 * Sandboxes as plain processes, for where namespaces are not to be had: an own session, a private folder for temporary
 * files and for a copy of the code, a bare environment and the kernel's bounds; for root also an own user per sandbox.
 * An action of the platform's own user can still read what that user can read: hence the warning.
 */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitAtMost } from '../ground/wait-at-most';
import { MAX_TASKS, setBounds } from './bounds';
import { abandonChild, startChild } from './child';
import { canScope } from './enter';
import { hasOwnUsers, SETPRIV, switchUser } from './identity';
import { makePrivateFolder, type PrivateFolder } from './private-folder';
import { killUntilGone, sendSignal } from './processes/kill';
import { removeFolder } from './processes/leftovers';
import { Members } from './processes/members';
import { continueAll, stopAll } from './processes/pause';
import type { ProcessRecords } from './processes/records';
import { listProcesses } from './processes/stat';
import { childrenOf } from './processes/tree';
import { releaseUser, takeUser } from './processes/users';
import type { ImageMagickPolicy, SandboxFactory, SandboxSpec } from './sandbox';
import { buildSystemCallFilter } from './seccomp';
import { CAN_SUPERVISE, superviseCommand } from './supervisor';

/** How long the streams of dead processes may take to be read to their end, in milliseconds. */
const STREAM_PATIENCE = 1_000;

/** `warning` tells the user why bubblewrap is not used. */
export function usePlainProcesses(policy: ImageMagickPolicy, records: ProcessRecords, warning: string): SandboxFactory {
  // The filter needs no_new_privs, which setpriv sets.
  const filter = SETPRIV ? buildSystemCallFilter({ architecture: process.arch, unixSockets: canScope() }) : undefined;

  return {
    kind: 'process',
    warning,
    async start(spec) {
      const reachable = [spec.executable, ...(spec.shown ?? []), tmpdir()].every(openToAll);
      const identity = reachable && hasOwnUsers() ? takeUser() : undefined;
      const folder = await makePrivateFolder(spec, policy, identity);
      const remove = async () => {
        await removeFolder(folder.root);
        if (identity !== undefined) releaseUser(identity);
      };
      try {
        const variables = environmentOf(spec, folder, policy);
        const child = await startChild(makeCommand(spec, folder, identity, filter), {
          // The supervisor gets them by a descriptor, so that no program obeys them while it is still the platform's user.
          environment: CAN_SUPERVISE ? {} : variables,
          inputs: CAN_SUPERVISE
            ? [
                Object.entries(variables)
                  .map(([name, value]) => `${name}=${value}\0`)
                  .join(''),
              ]
            : [],
          cwd: folder.code,
          detached: true,
          information: false,
          scoped: true,
        });
        try {
          records.add(child.pid, { folder: folder.root, ...(identity === undefined ? {} : { user: identity }) });
        } catch (error) {
          await abandonChild(child);
          throw error;
        }
        const members = new Members(child.pid, folder.root, identity);
        let isOver = false;
        let killing = false;
        let stopped: readonly number[] = [];
        void child.exited.then(() => {
          isOver = true;
        });
        // The supervisor is the parent of daemons as long as it lives, so it goes last.
        const isProgram = (pid: number) => !CAN_SUPERVISE || pid !== child.pid;
        const others = () => members.find(true).filter(({ pid }) => isProgram(pid));
        const ended = child.exited.then(async () => {
          await killUntilGone(() => members.find(true));
          // A daemon that escaped may hold the streams open for ever.
          await waitAtMost(STREAM_PATIENCE, child.closed);
          for (const stream of child.process.stdio) stream?.destroy();
          await remove();
          records.remove(child.pid);
        });
        return {
          pid: child.pid,
          temporary: [],
          codePath: folder.code,
          requests: child.requests,
          answers: child.answers,
          stdout: child.stdout,
          stderr: child.stderr,
          ended,
          processes: () => members.find(false).map((entry) => entry.pid),
          terminate() {
            const [program] = isOver ? [] : CAN_SUPERVISE ? childrenOf(child.pid) : [child.pid];
            if (program !== undefined) sendSignal(program, 'SIGTERM');
          },
          pause() {
            if (!isOver)
              stopped = stopAll(() =>
                members
                  .find(false, true)
                  .map(({ pid }) => pid)
                  .filter(isProgram),
              );
          },
          resume() {
            if (!isOver) continueAll(stopped);
            stopped = [];
          },
          kill() {
            if (isOver || killing) return ended;
            killing = true;
            void killUntilGone(others).then(() => !isOver && sendSignal(child.pid, 'SIGKILL'));
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

function makeCommand(
  spec: SandboxSpec,
  folder: PrivateFolder,
  identity: number | undefined,
  filter: Buffer | undefined,
): string[] {
  const script = folder.script === undefined ? [] : [folder.script];
  const bounds = setBounds([spec.executable, ...spec.args(folder.code), ...script], countMaxTasks(identity));
  const interpreter = superviseCommand(bounds, filter);
  if (!SETPRIV) return interpreter;
  return [
    SETPRIV,
    // The supervisor ends the others first.
    CAN_SUPERVISE ? '--pdeathsig=TERM' : '--pdeathsig=KILL',
    ...(identity === undefined ? ['--no-new-privs'] : switchUser(identity)),
    ...interpreter,
  ];
}

/** Nothing of the platform's own environment; temporary files and ImageMagick's configuration in the private folder. */
function environmentOf(
  { environment, imagemagickPdf }: SandboxSpec,
  folder: PrivateFolder,
  { policyLimits }: ImageMagickPolicy,
): Record<string, string> {
  const imagemagick = imagemagickPdf ? { XDG_CONFIG_HOME: folder.root, ...policyLimits } : {};
  return { ...environment, HOME: folder.temporary, TMPDIR: folder.temporary, ...imagemagick };
}

/** A user's tasks on the whole machine count; so only with an own user is the bound the sandbox's alone. */
function countMaxTasks(identity: number | undefined): number {
  return identity === undefined ? listProcesses().length * 4 + MAX_TASKS : MAX_TASKS;
}

/** True when any user may run this file, or enter this folder, also through every folder above it. */
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
