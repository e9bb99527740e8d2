/** An invoker whose actions are played by the test: it notes what it is asked and answers what it is told. */

import type { JsonObject } from '../../ground/json';
import type { Invocation, Invoker, Outcome } from '../../platform/invoker/contract';

export class FeedInvoker implements Invoker {
  readonly runtimes = [
    { kind: 'nodejs:20', family: 'nodejs', image: 'openwhisk/action-nodejs-v20', executable: '/nodejs' },
    { kind: 'python:3.11', family: 'python', image: 'openwhisk/action-python-v3.11', executable: '/python' },
  ];
  readonly sandbox = { kind: 'process' } as const;
  readonly images = ['pdfmagic/action-python:1.0'];
  readonly capacity = 4;
  readonly calls: JsonObject[] = [];
  /** Decides what an invocation with these parameters answers; success unless it returns an error. */
  answer: (parameters: JsonObject) => string | undefined = () => undefined;

  async run(invocation: Invocation): Promise<Outcome> {
    this.calls.push(invocation.parameters);
    const error = this.answer(invocation.parameters);
    const now = Date.now();
    const times = { start: now, end: now, waitTime: 0, timedOut: false, logs: [] };
    return error === undefined
      ? { statusCode: 0, result: { done: true }, ...times }
      : { statusCode: 1, result: { error }, ...times };
  }

  async stop(): Promise<void> {}
}
