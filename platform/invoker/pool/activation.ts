/** One activation in one container: /init when it is new, /run, the log, the outcome. */
import { type CodeSource, writeInitRequest, writeRunRequest } from '../activation/environment';
import { type ActivationResponse, interpretInit, interpretRun } from '../activation/response';
import type { Invocation, Outcome } from '../contract';
import type { ActionRuntime } from '../runtimes/runtime';
import type { Container } from './container';

const MIB = 1024 * 1024;
const DEVELOPER_ERROR = 2;

/** What an activation needs beside its invocation. */
export interface ActivationPlace {
  readonly container: Container;
  readonly runtime: ActionRuntime;
  /** Absent when the container is initialized. */
  readonly code?: CodeSource;
  readonly apiHost: string;
}

/** Runs it to its end; never rejects. The container is fit for another activation unless the developer erred. */
export async function activate(invocation: Invocation, place: ActivationPlace): Promise<Outcome> {
  const { container, runtime, code, apiHost } = place;
  const { timeout, logs } = invocation.action.limits;
  const log = container.beginLog(logs * MIB);
  const began = Date.now();
  const stopwatch = performance.now();
  /** Whole milliseconds, also when somebody sets the clock meanwhile. */
  const passed = () => Math.round(performance.now() - stopwatch);
  let initTime: number | undefined;
  let timedOut = false;
  let response: ActivationResponse | undefined;

  if (code !== undefined) {
    const answer = await container.init(writeInitRequest(invocation, code, apiHost, began), timeout);
    initTime = passed();
    timedOut = answer.kind === 'timed out';
    response = interpretInit(answer, timeout, runtime.exitDuringInit.error);
    if (answer.kind === 'exited' && runtime.exitDuringInit.log) log.note(runtime.exitDuringInit.log);
  }
  if (response === undefined) {
    const answer = await container.run(writeRunRequest(invocation, Date.now()), timeout);
    timedOut = answer.kind === 'timed out';
    response = interpretRun(answer, timeout, runtime);
  }
  const end = began + passed();
  await container.endLog();
  return {
    statusCode: response.statusCode,
    result: response.result,
    ...(response.size === undefined ? {} : { size: response.size }),
    ...(response.written === undefined ? {} : { written: response.written }),
    logs: log.collect(response.statusCode === DEVELOPER_ERROR),
    start: began,
    end,
    waitTime: Math.max(0, began - invocation.acceptedAt),
    ...(initTime === undefined ? {} : { initTime }),
    timedOut,
  };
}
