/** One sandbox with its interpreter, as the pool sees it. */

import { MAX_PROCESSES } from '../../../sandbox/bounds';
import { excessOf } from '../../../sandbox/measurement';
import type { Sandbox } from '../../../sandbox/sandbox';
import { ContainerLog } from '../activation/container-log';
import { LineSplitter } from '../activation/lines';
import type { ActivationLog } from '../activation/logs';
import { type Answer, RESPONSE_LIMIT } from '../activation/response';
import type { Container } from '../pool/container';

/** Requests go to the launcher as lines, the first for /init; its answers are lines too. */
export class SandboxContainer implements Container {
  private waiting: ((answer: Answer) => void) | undefined;
  private readonly log: ContainerLog;
  private over = false;
  private ending: Answer = { kind: 'exited' };
  private reportServed: (isFit: boolean) => void = () => {};
  /** Resolves after the first run, or when there will be none: to whether another run may follow. */
  readonly served = new Promise<boolean>((resolve) => {
    this.reportServed = resolve;
  });

  constructor(readonly sandbox: Sandbox) {
    const answers = new LineSplitter(RESPONSE_LIMIT, (line) => this.settle({ kind: 'line', line }));
    sandbox.answers.on('data', (chunk: Buffer) => answers.push(chunk));
    this.log = new ContainerLog(sandbox);
    sandbox.answers.once('close', () => this.finish());
    void sandbox.ended.then(() => this.finish());
  }

  get usable(): boolean {
    return !this.over;
  }

  beginLog(limit: number): ActivationLog {
    return this.log.begin(limit);
  }

  endLog(): Promise<void> {
    return this.log.end();
  }

  init(line: Buffer, timeout: number): Promise<Answer> {
    return this.request(line, timeout);
  }

  async run(line: Buffer, timeout: number): Promise<Answer> {
    const answer = await this.request(line, timeout);
    this.reportServed(this.usable);
    return answer;
  }

  /** Measures the whole tree; kills it when it holds more than `limit` bytes or has too many processes. */
  measure(limit: number): void {
    if (this.over) return;
    const excess = excessOf(this.sandbox, limit, false);
    if (excess === undefined) return;
    if (excess.of === 'processes') {
      this.log.note(`The action was aborted: it has more than ${MAX_PROCESSES} processes.`);
    }
    this.abort({ kind: 'memory exhausted' });
  }

  pause(): void {
    if (!this.over) this.sandbox.pause();
  }

  resume(): void {
    this.sandbox.resume();
  }

  async destroy(): Promise<void> {
    this.over = true;
    this.settle({ kind: 'exited' });
    await this.sandbox.kill();
  }

  private async request(line: Buffer, timeout: number): Promise<Answer> {
    if (this.over) return this.ending;
    const answer = new Promise<Answer>((resolve) => {
      this.waiting = resolve;
    });
    const timer = setTimeout(() => this.abort({ kind: 'timed out' }), timeout);
    this.sandbox.requests.write(line);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      this.waiting = undefined;
    }
  }

  private abort(answer: Answer): void {
    this.ending = answer;
    this.over = true;
    void this.sandbox.kill().then(() => this.settle(answer));
  }

  private finish(): void {
    this.over = true;
    this.reportServed(false);
    // A closed descriptor with a living interpreter is as good as an exit: nothing more will be answered.
    void this.sandbox.kill().then(() => this.settle(this.ending));
  }

  private settle(answer: Answer): void {
    this.waiting?.(answer);
    this.waiting = undefined;
  }
}
