// Runs a program, and ends it with all that it has started as soon as nobody holds the other end of stdin any more: whoever asked
// for it was interrupted, or killed. Usage: node guard.mjs PROGRAM ARGUMENT...
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds in which a program may tidy up. */
const GRACE = 1500;
/** A group of our own can be ended as a whole. In the group of a terminal, the terminal passes Ctrl-C on by itself. */
const ownsGroup = process.env.PDFMAGIC_GUARD === 'group';

const [program, ...args] = process.argv.slice(2);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('error', (error) => {
  console.error(`${program} cannot be run: ${error.message}`);
  process.exit(127);
});
child.on('exit', (code, signal) => {
  if (signal !== null) console.error(`${program} was killed by ${signal}`);
  if (!isLeft) process.exit(code ?? 1);
});

let isLeft = false;
process.stdin.resume().on('close', async () => {
  isLeft = true;
  if (!ownsGroup) {
    child.kill('SIGTERM');
    return child.exitCode === null ? child.once('exit', () => process.exit(1)) : process.exit(1);
  }
  process.kill(-process.pid, 'SIGTERM');
  const ended = child.exitCode === null && child.signalCode === null && new Promise((end) => child.once('exit', end));
  await Promise.race([ended, sleep(GRACE)]);
  // What the program has started may outlive it.
  process.kill(-process.pid, 'SIGKILL');
});
