/** Bounds of the platform, with the values of OpenWhisk's default configuration. */
export const limits = {
  /** Milliseconds that an action may run. */
  time: { min: 100, max: 300_000, std: 60_000 },
  /** MiB of memory of an action. */
  memory: { min: 128, max: 512, std: 256 },
  /** MiB of logs of one activation. */
  logs: { min: 0, max: 10, std: 10 },
  /** Invocations at a time in one sandbox. */
  concurrency: { min: 1, max: 1, std: 1 },
  /** Bytes of a payload or of a result. */
  payload: 1_048_576,
  /** Bytes of all parameters, and of all annotations, of an entity. */
  parameters: 1_048_576,
  /** Bytes of the code of an action, in the form it is sent. */
  exec: 50_331_648,
  /** Bytes of any request body. */
  body: 52_428_800,
  /** Nesting of JSON, as OpenWhisk's parser has it. */
  jsonDepth: 1000,
  /** Atomic actions in one sequence. */
  sequence: 50,
  /** Elements of a list: unless told, and at most. */
  list: { std: 30, max: 200 },
  /** Milliseconds that a blocking invocation is waited for. */
  blockingWait: 60_000,
} as const;
