/** What a sandbox's first program leaves behind before there is any wall (`enter.pl`, which says what it does). */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { closeDescriptorsAbove } from './descriptors';
import { findProgram } from './host';

/** Part of every Debian (perl-base), and up in 3 ms, where Python takes 37 ms to reach a system call. */
export const PERL = findProgram('perl');
const PROGRAM = readFileSync(path.join(__dirname, 'enter.pl'), 'utf8');
/** Numbers of close(2), prctl(2) and keyctl(2), from the kernel's tables of system calls. */
const NUMBERS: Readonly<Partial<Record<string, readonly [close: number, prctl: number, keyctl: number]>>> = {
  x64: [3, 157, 250],
  arm64: [57, 167, 219],
};
const [CREATE_RULESET, VERSION, FIRST_WITH_SCOPES] = [444, 1, 6];

const numbers = process.platform === 'linux' ? NUMBERS[process.arch] : undefined;
let asked: boolean | undefined;

/**
 * Whether the kernel can keep a sandbox from abstract Unix sockets outside of it; it is asked once. Where it cannot, a
 * sandbox makes no Unix sockets at all.
 */
export function canScope(): boolean {
  if (PERL === undefined || numbers === undefined) return false;
  const ask = `exit(syscall(${CREATE_RULESET}, 0, 0, ${VERSION}) >= ${FIRST_WITH_SCOPES} ? 0 : 1)`;
  asked ??= spawnSync(PERL, ['-e', ask], { stdio: 'ignore' }).status === 0;
  return asked;
}

/**
 * The command, started with descriptors up to `last` and no other; `scoped` only where `canScope`. It gains no privileges
 * then, not even by the set-user-ID bit.
 * @throws Error of `closeDescriptorsAbove`
 */
export function enterSandbox(last: number, scoped: boolean, command: readonly string[]): string[] {
  if (PERL === undefined || numbers === undefined) return closeDescriptorsAbove(last, command);
  return [PERL, '-e', PROGRAM, '--', ...[last, ...numbers, scoped ? 1 : 0].map(String), ...command];
}
