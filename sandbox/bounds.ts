/** Bounds of a sandbox that the kernel enforces by itself, and how they are set. */

const MIB = 1024 * 1024;

/** Bytes of a sandbox's private /tmp. */
export const TEMPORARY_SPACE = 1024 * MIB;
/** Processes and threads of one sandbox. */
export const MAX_TASKS = 128;
/**
 * Processes of one sandbox, by measurement. Lower than the bound on tasks, since libraries start threads by the core but no
 * processes, and since each session gets an equal share of the processor from Linux (sched(7), autogroup): a bomb of many
 * sessions would leave the platform none.
 */
export const MAX_PROCESSES = 64;
/** Bytes of one file, and open files of one process. */
export const MAX_FILE = 512 * MIB;
export const MAX_OPEN_FILES = 1024;
/**
 * Private writable memory of one process. Only a backstop between two measurements of the whole tree: address space that
 * was reserved and never touched counts here, so it is far above any action's memory limit.
 */
const MAX_DATA = 4096 * MIB;

/**
 * A command that sets the bounds on itself and becomes `command`. Every POSIX shell can: dash calls the bound on tasks
 * `-p`, others `-u`. A bound that a system does not know is left out, since the tree is measured all the same.
 */
export function setBounds(command: readonly string[], maxTasks: number): string[] {
  const set = [
    'ulimit -c 0',
    `ulimit -n ${MAX_OPEN_FILES} 2>/dev/null`,
    // POSIX counts files in blocks of 512 bytes.
    `ulimit -f ${MAX_FILE / 512} 2>/dev/null`,
    `ulimit -d ${MAX_DATA / 1024} 2>/dev/null`,
    `ulimit -u ${maxTasks} 2>/dev/null || ulimit -p ${maxTasks} 2>/dev/null`,
    // The kernel takes a sandbox before anything else when memory runs out.
    '{ echo 900 > /proc/self/oom_score_adj; } 2>/dev/null',
    // What bash and bubblewrap leave: variables, and the descriptors by which bubblewrap was told, and told of itself.
    'unset SHLVL _',
    'exec "$@" 4>&- 5>&- 6>&-',
  ];
  return ['/bin/sh', '-c', set.join('; '), 'sh', ...command];
}
