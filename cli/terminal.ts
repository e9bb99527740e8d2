/** Where the command writes: results to stdout, everything else to stderr; on a terminal, a line that is written over. */

import { hasCode } from '../ground/errors';
import { EXIT } from './failure';

/** What other programs and files say, made harmless: what would steer a terminal, or turn the writing round, is shown. */
export function escapeControls(text: string): string {
  return text.replace(/(?!\t)\p{Cc}|\p{Bidi_Control}/gu, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}

/** Lines, and below them one of progress. */
export class Terminal {
  private live = '';
  /** A live line is for people: not for a file, nor for a terminal that cannot rewrite a line. */
  private readonly isLive = process.stderr.isTTY && process.env.TERM !== 'dumb';
  /** What to do when nobody reads any more (`| head`); the work goes on unless a command says otherwise. */
  onLost: () => void = () => undefined;

  constructor() {
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', (error: Error) => {
        if (hasCode(error, 'EPIPE')) return this.onLost();
        // A full disk, say: what is done is done, but not all of it was written.
        process.exitCode = EXIT.failed;
        if (stream === process.stdout) process.stderr.write(`error: cannot write to stdout: ${error.message}\n`);
        return this.onLost();
      });
    }
  }

  /** A line of the result. */
  out(line: string): void {
    this.above(() => process.stdout.write(`${line}\n`));
  }

  /** A line for people. */
  note(line: string): void {
    this.above(() => process.stderr.write(`${line}\n`));
  }

  /** What is going on, in place of what was said of it before; nothing to wipe it away. */
  progress(line: string): void {
    if (!this.isLive) return;
    this.live = line.slice(0, this.columns - 1);
    process.stderr.write(`\r\u001b[K${this.live}`);
  }

  /** Characters in a line of the terminal. */
  get columns(): number {
    return Math.max(10, process.stderr.columns ?? 80);
  }

  private above(write: () => void): void {
    if (this.live !== '') process.stderr.write('\r\u001b[K');
    write();
    if (this.live !== '') process.stderr.write(this.live);
  }
}

/** Pretty JSON, one value. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
