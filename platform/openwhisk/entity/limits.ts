/**
 * All bounds of the platform, with the values of OpenWhisk's default configuration. Reading a body, checking it, refusing
 * it, and showing limits go by this table alone: another value is a change here and nowhere else.
 */
const MIB = 1_048_576;

/** A limit that every action has, which its PUT may set. */
interface ActionLimit {
  readonly min: number;
  readonly max: number;
  readonly std: number;
  /** What OpenWhisk calls it: where it is no number, where it is no whole one, and where it is out of bounds. */
  readonly words: { readonly type: string; readonly whole: string; readonly bounds: string };
  /** Behind a value, in a refusal. */
  readonly unit: '' | ' MB' | ' milliseconds';
  /** In the limits of a namespace, behind `minAction` and `maxAction`. */
  readonly shownAs: string;
  /** In the description of the server, behind `min_action_`, `max_action_` and `default_...`; bytes in place of MiB. */
  readonly describedAs?: string;
}

/** The name of a limit of an action, as its document has it. */
export type ActionLimitName = 'memory' | 'timeout' | 'logs' | 'concurrency';

/** Limits of actions, in the order of their checks. */
export const actionLimits: Readonly<Record<ActionLimitName, ActionLimit>> = {
  /** MiB of memory of an action. */
  memory: {
    ...{ min: 128, max: 512, std: 256, unit: ' MB', shownAs: 'Memory', describedAs: 'memory' },
    words: { type: 'memory limit', whole: 'memory limit', bounds: 'memory size' },
  },
  /** Milliseconds that an action may run. */
  timeout: {
    ...{ min: 100, max: 300_000, std: 60_000, unit: ' milliseconds', shownAs: 'Timeout', describedAs: 'duration' },
    words: { type: 'time limit', whole: 'time limit', bounds: 'duration' },
  },
  /** MiB of logs of one activation. */
  logs: {
    ...{ min: 0, max: 10, std: 10, unit: ' MB', shownAs: 'Logs', describedAs: 'logs' },
    words: { type: 'log limit', whole: 'log limit', bounds: 'log size' },
  },
  /** Invocations at a time in one sandbox. */
  concurrency: {
    ...{ min: 1, max: 1, std: 1, unit: '', shownAs: 'Concurrency' },
    words: { type: 'concurrency limit', whole: 'intra concurrency limit', bounds: 'concurrency' },
  },
};

/** All other bounds. */
export const limits = {
  /** Bytes of a payload, of the body of a request to a web action, or of a result. */
  payload: MIB,
  /** Bytes of all parameters, and of all annotations, of an entity. */
  parameters: MIB,
  /** Bytes of the code of an action, in the form it is sent. */
  exec: 50_331_648,
  /** Bytes of any request body. */
  body: 52_428_800,
  /** Bytes of all headers of a request: what nginx in front of a real OpenWhisk takes. */
  headers: 32_768,
  /** Characters of a name of an entity. */
  name: 256,
  /** Characters of the name of an image. */
  image: 512,
  /** Nesting of JSON, as OpenWhisk's parser has it. Deeper values would also break what walks them recursively. */
  jsonDepth: 1000,
  /** Nesting of a result that can still be written as JSON with the stack there is. */
  resultDepth: 2000,
  /** Atomic actions in one sequence. */
  sequence: 50,
  /** Elements of a list: unless told, and at most. */
  list: { std: 30, max: 200 },
  /** Milliseconds that a blocking invocation, or the caller of a web action, is waited for. */
  blockingWait: 60_000,
  /** Invocations accepted and not ended, unless the server is started with another number. */
  inFlight: 1000,
} as const;

/** One value for each limit of actions. */
export function mapActionLimits<T>(value: (limit: ActionLimit, name: ActionLimitName) => T): {
  [name in ActionLimitName]: T;
} {
  const entries = Object.entries(actionLimits).map(([name, limit]) => [name, value(limit, name as ActionLimitName)]);
  return Object.fromEntries(entries);
}
