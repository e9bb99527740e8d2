/** An invoker without sandboxes, for tests of the server: an action's code names what it does. */

import type { Json } from '../../ground/json';
import type { Executable, Invocation, Invoker, Outcome } from '../../platform/invoker/contract';

/** `echo` returns its arguments, `fail` an error, `wait` nothing until `release`, anything else is code of JavaScript. */
type Behaviour = 'echo' | 'fail' | 'wait';

export class FakeInvoker implements Invoker {
  readonly runtimes = [
    { kind: 'python:3.11', family: 'python', image: 'openwhisk/action-python-v3.11', executable: '/usr/bin/python3' },
    { kind: 'nodejs:20', family: 'nodejs', image: 'openwhisk/action-nodejs-v20', executable: '/usr/bin/node' },
  ];
  readonly images: readonly string[] = [];
  readonly sandbox = { kind: 'process' } as const;
  /** Every invocation that came, in order. */
  readonly ran: Invocation[] = [];
  /** Names and codes of the actions that it was to prepare, in order. */
  readonly prepared: [name: string, code: string][] = [];
  /** The most that ran at a time. */
  peak = 0;
  private running = 0;
  private readonly held: (() => void)[] = [];

  constructor(readonly capacity = 4) {}

  prepare({ name, exec }: Executable): void {
    this.prepared.push([name, exec.code]);
  }

  async run(invocation: Invocation): Promise<Outcome> {
    this.ran.push(invocation);
    this.running += 1;
    this.peak = Math.max(this.peak, this.running);
    const start = Date.now();
    const { code } = invocation.action.exec;
    if (code === ('wait' satisfies Behaviour)) await new Promise<void>((resolve) => this.held.push(resolve));
    this.running -= 1;
    return {
      ...this.answer(code, invocation),
      logs: [],
      start,
      end: Date.now(),
      waitTime: start - invocation.acceptedAt,
      timedOut: false,
    };
  }

  private answer(code: string, { parameters }: Invocation): { statusCode: 0 | 1; result: Json; size: number } {
    if (code === 'fail') return { statusCode: 1, result: { error: 'as told' }, size: 20 };
    if (code === 'echo' || code === 'wait') return { statusCode: 0, result: parameters, size: 2 };
    // Code of the tests themselves, such as a conductor: `args => ({...})`.
    const action = new Function(`return (${code})`)() as (args: Json) => Json;
    return { statusCode: 0, result: action(parameters), size: 2 };
  }

  /** How many wait to be released. */
  get waiting(): number {
    return this.held.length;
  }

  /** Lets those that wait go on. */
  release(): void {
    for (const go of this.held.splice(0)) go();
  }

  async stop(): Promise<void> {
    this.release();
  }
}
