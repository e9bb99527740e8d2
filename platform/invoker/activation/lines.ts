/** Cuts a stream of bytes into lines, keeping no more of a line than a bound. */
import { StringDecoder } from 'node:string_decoder';

/** One line of a stream, or the body of an HTTP response as a whole. */
export class Line {
  private decoded: string | undefined;

  /**
   * @param bytes what was kept of it
   * @param length bytes of the whole line; more than were kept when it was cut at a limit
   */
  constructor(
    readonly bytes: Buffer,
    readonly length: number,
  ) {}

  get truncated(): boolean {
    return this.length > this.bytes.length;
  }

  /** Decoded when it is asked for. A cut line does not end within a character. */
  get text(): string {
    this.decoded ??= this.truncated ? new StringDecoder('utf8').write(this.bytes) : this.bytes.toString('utf8');
    return this.decoded;
  }
}

const NEWLINE = 10;
const EMPTY = new Line(Buffer.alloc(0), 0);

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
      if (this.length === 0 && end - from <= this.limit) {
        // Most lines lie within one chunk; they are handed out without a detour, and empty ones without bytes of their own.
        this.onLine(end === from ? EMPTY : new Line(chunk.subarray(from, end), end - from));
      } else {
        this.keep(chunk.subarray(from, end));
        this.finishLine();
      }
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
    const [only] = this.parts;
    const bytes = this.parts.length === 1 && only ? only : Buffer.concat(this.parts);
    const line = new Line(bytes, this.length);
    this.parts = [];
    this.kept = 0;
    this.length = 0;
    this.onLine(line);
  }
}
