/** Cuts a stream of bytes into lines, keeping no more of a line than a bound. */
import { StringDecoder } from 'node:string_decoder';
import type { Line } from './response';

const NEWLINE = 10;

export class LineSplitter {
  private parts: Buffer[] = [];
  private kept = 0;
  private length = 0;

  /** `limit`: bytes of a line that are kept; the rest is counted and dropped. */
  constructor(
    private readonly limit: number,
    private readonly onLine: (line: Line) => void,
  ) {}

  push(chunk: Buffer): void {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, from);
      if (end < 0) break;
      this.keep(chunk.subarray(from, end));
      this.finishLine();
      from = end + 1;
    }
    if (from < chunk.length) this.keep(chunk.subarray(from));
  }

  /** Hands out a last line that has no line end. */
  end(): void {
    if (this.length > 0) this.finishLine();
  }

  private keep(bytes: Buffer): void {
    this.length += bytes.length;
    const room = this.limit - this.kept;
    if (room <= 0 || bytes.length === 0) return;
    const part = bytes.subarray(0, room);
    this.parts.push(part);
    this.kept += part.length;
  }

  private finishLine(): void {
    const truncated = this.length > this.kept;
    const [only] = this.parts;
    const bytes = this.parts.length === 1 && only ? only : Buffer.concat(this.parts);
    // A cut line must not end within a character.
    const text = truncated ? new StringDecoder('utf8').write(bytes) : bytes.toString('utf8');
    const line = { text, length: this.length, truncated };
    this.parts = [];
    this.kept = 0;
    this.length = 0;
    this.onLine(line);
  }
}
