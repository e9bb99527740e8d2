/** One stream of a container, cut into the lines of the log of the present activation. */
import { LineSplitter } from './lines';
import { type ActivationLog, END_OF_ACTIVATION, type StreamName } from './logs';

/** Longest line of a log that is read whole; further bytes count for the limit and are dropped. */
const LOG_LINE = 1024 * 1024;
const END = Buffer.from(`${END_OF_ACTIVATION}\n`);

/**
 * Takes the chunks of a stream. Once the log takes no more, chunks are not cut any more, only searched for the end of the
 * activation: an action that floods its log must not keep the platform busy.
 */
export class LogStream {
  private log: ActivationLog | undefined;
  private lines: LineSplitter | undefined;
  /** The last bytes, in which an end may have begun. */
  private tail: Buffer = Buffer.alloc(0);

  constructor(readonly name: StreamName) {}

  /** What comes from now on belongs to that activation; to none with `undefined`, and is dropped. */
  begin(log: ActivationLog | undefined): void {
    this.log = log;
    this.tail = Buffer.alloc(0);
    this.lines = log && new LineSplitter(LOG_LINE, (line) => log.take(this.name, line.text, line.length));
  }

  /** @returns whether it was cut into lines: up to 65536 in a chunk, some 70 ms of work */
  push(chunk: Buffer): boolean {
    const { log } = this;
    if (!log) return false;
    if (log.full) this.lines = undefined;
    else log.arrive();
    this.lines?.push(chunk);
    if (this.sawEnd(chunk)) log.close(this.name);
    return this.lines !== undefined;
  }

  /** The stream is over. */
  end(): void {
    this.lines?.end();
    this.log?.close(this.name);
  }

  /** True also for an end that lies across chunks, or behind a line that was too long to keep. */
  private sawEnd(chunk: Buffer): boolean {
    const reach = END.length - 1;
    const seam = Buffer.concat([this.tail, chunk.subarray(0, reach)]);
    const found = seam.includes(END) || chunk.includes(END);
    const last = chunk.length < reach ? seam : chunk;
    this.tail = Buffer.from(last.subarray(Math.max(0, last.length - reach)));
    return found;
  }
}
