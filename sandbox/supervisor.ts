/** The first process of a sandbox of plain processes on Linux (`supervisor.pl`, which says what it does). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PERL } from './enter';

const PROGRAM = readFileSync(path.join(__dirname, 'supervisor.pl'), 'utf8');
/** Numbers of prctl(2), from the kernel's tables of system calls. */
const PRCTL: Readonly<Partial<Record<string, number>>> = { x64: 157, arm64: 167, ia32: 172, arm: 172, riscv64: 167 };

/** True when this machine has what it takes; otherwise a command is its sandbox's first process itself. */
export const CAN_SUPERVISE = process.platform === 'linux' && PERL !== undefined && PRCTL[process.arch] !== undefined;

/**
 * The command under its supervisor, and under the filter for system calls if there is one; where it can be supervised,
 * its variables are read from descriptor 4, as `NAME=VALUE` with a NUL behind each.
 */
export function superviseCommand(command: readonly string[], filter: Buffer | undefined): string[] {
  if (!CAN_SUPERVISE || PERL === undefined) return [...command];
  return [PERL, '-e', PROGRAM, '--', String(PRCTL[process.arch]), filter?.toString('hex') ?? '', ...command];
}
