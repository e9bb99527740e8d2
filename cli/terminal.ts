/** Where the command writes: results to stdout, everything else to stderr; on a terminal, a line that is written over. */

/** What other programs and files say, made harmless for a terminal: control characters are shown, not obeyed. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

/** Lines, and below them one of progress. */
export class Terminal {
  private live = '';
  /** A live line is for people: not for a file, nor for a terminal that cannot rewrite a line. */
  private readonly isLive = process.stderr.isTTY && process.env.TERM !== 'dumb';

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
    this.live = line.slice(0, Math.max(10, (process.stderr.columns ?? 80) - 1));
    process.stderr.write(`\r\u001b[K${this.live}`);
  }

  private above(write: () => void): void {
    if (this.live !== '') process.stderr.write('\r\u001b[K');
    write();
    if (this.live !== '') process.stderr.write(this.live);
  }
}

/** Pretty JSON, one value. */
export function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
