// Runs a program that takes a while: shows that it goes on, keeps what it says in a log, and leaves nothing behind when interrupted.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const GUARD = fileURLToPath(new URL('./guard.mjs', import.meta.url));
/** Milliseconds between two lines where a line cannot be written over. */
const LINE_PACE = 10_000;
/** Characters of output that are looked through for a cause. */
const LAST_WORDS = 20_000;

/** Steps under way, in the order in which they began: several may be. */
const shown = new Map();

/** Somebody pressed Ctrl-C, or ended this program otherwise. */
export class Interrupted extends Error {
  /** @param {number} exitCode 128 and the number of the signal */
  constructor(exitCode) {
    super('Stopped. Run the same command again to go on.');
    this.exitCode = exitCode;
  }
}

/**
 * @typedef {object} LongStep
 * @property {string} doing what for, in words: `Installing the npm packages`
 * @property {string} log file for all that the program says
 * @property {() => string} [progress] how far it is, in words
 * @property {boolean} [inTerminal] it stays in the group of the terminal: `sudo` knows a person by it
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {(pid: number) => void} [onStart] told the process that ends the program
 * @property {AbortSignal} [signal] ends the program
 */

/**
 * Runs it to its end.
 * @param {LongStep} step @param {string} program @param {readonly string[]} args
 * @returns {Promise<{ code: number, said: string }>} what it said last
 * @throws {Interrupted} after the program has ended, too; the reason of `signal`, in the same way
 */
export async function runLongStep(step, program, args) {
  const { cwd, env = process.env } = step;
  const inGroup = step.inTerminal !== true;
  const guard = spawn(process.execPath, [GUARD, program, ...args], {
    ...{ cwd, detached: inGroup, stdio: ['pipe', 'pipe', 'pipe'] },
    env: { ...env, PDFMAGIC_GUARD: inGroup ? 'group' : 'child' },
  });
  if (guard.pid !== undefined) step.onStart?.(guard.pid);
  let said = '';
  note(step.log, `\n$ ${[program, ...args].join(' ')}\n`);
  for (const stream of [guard.stdout, guard.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      said = (said + chunk).slice(-LAST_WORDS);
      note(step.log, chunk);
    });
  }
  let interrupted;
  const listeners = Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }).map(([name, exitCode]) => {
    const listener = () => {
      interrupted ??= new Interrupted(exitCode);
      guard.stdin.destroy();
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  const stop = () => guard.stdin.destroy();
  step.signal?.addEventListener('abort', stop);
  const stopProgress = showProgress(step);
  try {
    step.signal?.throwIfAborted();
    const code = await new Promise((resolve, reject) => guard.on('error', reject).on('close', resolve));
    if (interrupted !== undefined) throw interrupted;
    step.signal?.throwIfAborted();
    return { code: code ?? 1, said };
  } finally {
    step.signal?.removeEventListener('abort', stop);
    stopProgress();
    for (const remove of listeners) remove();
  }
}

/**
 * Says every while that something goes on: on a terminal in one line for all that does, elsewhere in a line each ten seconds.
 * @param {Pick<LongStep, 'doing' | 'progress'>} step @returns {() => void} ends that
 */
export function showProgress({ doing, progress }) {
  const began = performance.now();
  const isLive = process.stdout.isTTY === true && process.env.TERM !== 'dumb';
  const rest = () =>
    ['', progress?.(), `${Math.round((performance.now() - began) / 1000)} s`].filter((part) => part !== undefined);
  /** On a narrow terminal, what moves stays to be seen. */
  const text = (columns = Number.POSITIVE_INFINITY) => {
    const end = rest().join(', ');
    return doing.slice(0, Math.max(0, columns - 1 - end.length)) + end;
  };
  const id = Symbol(doing);
  shown.set(id, text);
  if (isLive) showLive();
  else console.log(`${doing} ...`);
  const timer = setInterval(() => (isLive ? showLive() : console.log(text())), isLive ? 1000 : LINE_PACE);
  return () => {
    clearInterval(timer);
    shown.delete(id);
    if (!isLive) return;
    process.stdout.write(`\r\u001b[K${text(process.stdout.columns)}\n`);
    if (shown.size > 0) showLive();
  };
}

/** The line of all steps under way, each with its share of the width. */
function showLive() {
  const columns = process.stdout.columns && Math.floor(process.stdout.columns / shown.size) - 1;
  const all = [...shown.values()].map((text) => text(shown.size === 1 ? process.stdout.columns : columns));
  process.stdout.write(`\r\u001b[K${all.join('  ')}`);
}

/** A full disk must not hide why a program failed. */
function note(log, text) {
  try {
    appendFileSync(log, text);
  } catch {
    // It is still on the screen.
  }
}
