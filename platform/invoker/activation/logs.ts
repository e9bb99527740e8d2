/**
 * The log of one activation, as apache/openwhisk keeps it (`DockerToActivationLogStore`, `DockerContainer.logs`): lines
 * `TIME STREAM: TEXT`, up to a number of bytes of such lines; both streams end with a line that is not kept.
 */
import { performance } from 'node:perf_hooks';
import { LOG_FAILURE, LOG_WARNING_DEVELOPER_ERROR, logsTruncated } from './messages';

/** Ends an activation on stdout and on stderr. */
export const END_OF_ACTIVATION = 'XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX';

export type StreamName = 'stdout' | 'stderr';

export class ActivationLog {
  private readonly lines: string[] = [];
  private readonly open = new Set<StreamName>(['stdout', 'stderr']);
  private readonly ended: Promise<void>;
  private resolveEnded: () => void = () => {};
  private bytes = 0;
  private truncated = false;
  /** When the lines that are taken next came, in milliseconds since the epoch. */
  private time = now();
  /** The same in writing, from the first of these lines on: an activation without lines needs none. */
  private written: string | undefined;

  /** `limit` in bytes; with 0 nothing is collected. */
  constructor(private readonly limit: number) {
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve;
    });
  }

  /** True when nothing more is kept; then only the ends of the streams are waited for. */
  get full(): boolean {
    return this.truncated || this.limit === 0;
  }

  /** Bytes have come: the time of the lines that are taken next. One time for all of them, since a chunk may hold 65536. */
  arrive(): void {
    this.time = now();
    this.written = undefined;
  }

  /** Takes a line of a stream; the end of an activation may follow text that has no line end of its own. */
  take(stream: StreamName, text: string, length: number): void {
    const isEnd = text.endsWith(END_OF_ACTIVATION);
    const end = isEnd ? END_OF_ACTIVATION.length : 0;
    if (!isEnd || text.length > end) this.add(stream, isEnd ? text.slice(0, -end) : text, length - end);
    if (isEnd) this.close(stream);
  }

  /** Adds a line of the platform's own to stderr. */
  note(text: string): void {
    this.arrive();
    this.add('stderr', text, Buffer.byteLength(text));
  }

  /** The stream has ended, with or without the line that says so. */
  close(stream: StreamName): void {
    this.open.delete(stream);
    if (this.open.size === 0) this.resolveEnded();
  }

  /** Waits until both streams ended, for at most `patience` milliseconds. */
  async wait(patience: number): Promise<void> {
    if (this.open.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), patience);
    });
    const outcome = await Promise.race([this.ended, late]);
    clearTimeout(timer);
    if (outcome === 'late' && !this.truncated) this.lines.push(stampLine('stderr', LOG_FAILURE));
    this.truncated ||= outcome === 'late';
  }

  /** The lines so far; after a failure of the action with the warning that OpenWhisk appends. */
  collect(developerError: boolean): string[] {
    if (this.limit === 0) return [];
    return developerError ? [...this.lines, stampLine('stderr', LOG_WARNING_DEVELOPER_ERROR)] : this.lines;
  }

  /** What is kept counts with its time and stream, as OpenWhisk counts Docker's records: empty lines are not free. */
  private add(stream: StreamName, text: string, length: number): void {
    if (this.full) return;
    this.written ??= writeTime(this.time);
    const beginning = `${this.written} ${stream}: `;
    this.bytes += beginning.length + length + 1;
    if (this.bytes > this.limit) {
      this.truncated = true;
      this.lines.push(stampLine('stderr', logsTruncated(this.limit)));
    } else this.lines.push(beginning + (text.endsWith('\r') ? text.slice(0, -1) : text));
  }
}

function stampLine(stream: StreamName, text: string): string {
  return `${writeTime(now())} ${stream}: ${text}`;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

/** RFC 3339 with nine digits, as Docker writes it. */
function writeTime(time: number): string {
  const seconds = Math.floor(time / 1000);
  const nanoseconds = String(Math.floor((time - seconds * 1000) * 1e6)).padStart(9, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${nanoseconds}Z`;
}
