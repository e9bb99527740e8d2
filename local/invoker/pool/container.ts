/**
 * One sandbox with its interpreter, as the pool sees it: initialized at most once, then one activation after the other.
 * Named as in OpenWhisk, where it is a container.
 */
import { LineSplitter } from '../activation/lines';
import { LogStream } from '../activation/log-stream';
import { ActivationLog, type StreamName } from '../activation/logs';
import { type Answer, type Line, RESPONSE_LIMIT } from '../activation/response';
import { memoryOf } from '../processes/memory';
import { MAX_PROCESSES } from '../sandbox/bounds';
import type { Sandbox } from '../sandbox/sandbox';

/** How long the end of the log may stay behind the answer, in milliseconds. */
const LOG_PATIENCE = 2_000;

/** A sandbox with its interpreter; unusable once the interpreter has ended or was killed. */
export class Container {
  private waiting: ((answer: Answer) => void) | undefined;
  private log: ActivationLog | undefined;
  private readonly open = new Set<StreamName>(['stdout', 'stderr']);
  private readonly streams = [new LogStream('stdout'), new LogStream('stderr')];
  private over = false;
  private ending: Answer = { kind: 'exited' };

  constructor(readonly sandbox: Sandbox) {
    const answers = new LineSplitter(RESPONSE_LIMIT, (line) => this.answer(line));
    sandbox.answers.on('data', (chunk: Buffer) => answers.push(chunk));
    for (const stream of this.streams) this.listen(stream);
    sandbox.answers.once('close', () => this.finish());
    void sandbox.ended.then(() => this.finish());
  }

  /** False when the interpreter is gone. */
  get usable(): boolean {
    return !this.over;
  }

  /** Begins the log of an activation; `limit` in bytes. */
  beginLog(limit: number): ActivationLog {
    const log = new ActivationLog(limit);
    for (const stream of ['stdout', 'stderr'] as const) if (!this.open.has(stream)) log.close(stream);
    this.collect(log);
    return log;
  }

  /** Waits for the end of the log of the present activation, and ends its collection. */
  async endLog(): Promise<void> {
    await this.log?.wait(LOG_PATIENCE);
    this.collect(undefined);
  }

  /** Sends one line and waits for the answer, for at most `timeout` milliseconds; then everything is killed. */
  async request(line: string, timeout: number): Promise<Answer> {
    if (this.over) return this.ending;
    const answer = new Promise<Answer>((resolve) => {
      this.waiting = resolve;
    });
    const timer = setTimeout(() => this.abort({ kind: 'timed out' }), timeout);
    this.sandbox.requests.write(`${line}\n`);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      this.waiting = undefined;
    }
  }

  /** Measures the whole tree; kills it when it holds more than `limit` bytes or has too many processes. */
  measure(limit: number): void {
    if (this.over) return;
    const pids = this.sandbox.processes();
    const tooMany = pids.length > MAX_PROCESSES;
    if (tooMany) this.log?.note(`The action was aborted: it has more than ${MAX_PROCESSES} processes.`);
    if (tooMany || memoryOf(pids, limit) > limit) this.abort({ kind: 'memory exhausted' });
  }

  /** Kills every process and waits until none is left. */
  async destroy(): Promise<void> {
    this.over = true;
    this.settle({ kind: 'exited' });
    await this.sandbox.kill();
  }

  private abort(answer: Answer): void {
    this.ending = answer;
    this.over = true;
    void this.sandbox.kill().then(() => this.settle(answer));
  }

  private answer(line: Line): void {
    this.settle({ kind: 'line', line });
  }

  private finish(): void {
    this.over = true;
    // A closed descriptor with a living interpreter is as good as an exit: nothing more will be answered.
    void this.sandbox.kill().then(() => this.settle(this.ending));
  }

  private settle(answer: Answer): void {
    this.waiting?.(answer);
    this.waiting = undefined;
  }

  private collect(log: ActivationLog | undefined): void {
    this.log = log;
    for (const stream of this.streams) stream.begin(log);
  }

  private listen(stream: LogStream): void {
    const source = this.sandbox[stream.name];
    source.on('data', (chunk: Buffer) => stream.push(chunk));
    source.once('close', () => {
      stream.end();
      this.open.delete(stream.name);
    });
  }
}
