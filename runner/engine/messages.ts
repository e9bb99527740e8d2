/** What a run's process and the process that started it tell each other. */
import type { Failure, StackEvent, StackOptions, StackResult } from '../contract';

/** The operations on a stack that a process of their own does. */
export type StackOperation = 'preview' | 'up' | 'refresh' | 'destroy';

/** What is to be done: the options without what cannot be sent. */
export interface Request {
  readonly operation: StackOperation;
  readonly options: Omit<StackOptions, 'onEvent' | 'signal' | 'env'>;
}

/** To the run's process. */
export type ToWorker = { readonly run: Request } | { readonly cancel: true };

/** From the run's process: events, and at last one of the other two. */
export type FromWorker =
  | { readonly event: StackEvent }
  | { readonly finished: { readonly result: StackResult; readonly failures: readonly Failure[] } }
  | { readonly refused: string };
