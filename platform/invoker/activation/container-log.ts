/** The two streams of a container, as the log of one activation after the other. */
import type { Readable } from 'node:stream';
import { LogStream } from './log-stream';
import { ActivationLog, type StreamName } from './logs';

/** How long the end of the log may stay behind the answer, in milliseconds. */
const PATIENCE = 2_000;
/** Bytes of a chunk that may hold enough lines to keep others waiting. */
const LARGE = 16 * 1024;

export class ContainerLog {
  private present: ActivationLog | undefined;
  private readonly open = new Set<StreamName>(['stdout', 'stderr']);
  private readonly streams = [new LogStream('stdout'), new LogStream('stderr')];

  constructor(sources: Readonly<Record<StreamName, Readable>>) {
    for (const stream of this.streams) this.listen(stream, sources[stream.name]);
  }

  /** Begins the log of an activation; `limit` in bytes. */
  begin(limit: number): ActivationLog {
    const log = new ActivationLog(limit);
    for (const stream of ['stdout', 'stderr'] as const) if (!this.open.has(stream)) log.close(stream);
    this.collect(log);
    return log;
  }

  /** Adds a line of the platform's own to the present log. */
  note(text: string): void {
    this.present?.note(text);
  }

  /** Waits for the end of the log of the present activation, and ends its collection. */
  async end(): Promise<void> {
    await this.present?.wait(PATIENCE);
    this.collect(undefined);
  }

  private collect(log: ActivationLog | undefined): void {
    this.present = log;
    for (const stream of this.streams) stream.begin(log);
  }

  private listen(stream: LogStream, source: Readable): void {
    source.on('data', (chunk: Buffer) => {
      if (!stream.push(chunk) || chunk.length < LARGE) return;
      // Node.js reads dozens of chunks before it looks at anything else: others have their turn in between.
      source.pause();
      setImmediate(() => source.resume());
    });
    source.once('close', () => {
      stream.end();
      this.open.delete(stream.name);
    });
  }
}
