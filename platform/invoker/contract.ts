/**
 * The seam between the OpenWhisk server (`platform/openwhisk`) and what runs actions (`platform/invoker`).
 *
 * The server resolves names, merges parameters and keeps records; the invoker knows nothing of entities. It gets an
 * executable action with its input and answers what happened. How a sandbox is made (bubblewrap, plain process, a container
 * of a Docker engine) stays behind this interface.
 */
import type { Json, JsonObject } from '../../ground/json';

/** The code of an action, in the form OpenWhisk stores it (`exec` of an action document). */
export interface ActionCode {
  /** `python:3.11`, `nodejs:20`, or `blackbox` when `image` names the runtime. */
  readonly kind: string;
  /** The container image of a blackbox action, e.g. `pdfmagic/action-python-v3.11:imagemagick-pdf`. */
  readonly image?: string;
  /** Source text, or the base64 of a zip when `binary`. */
  readonly code: string;
  /** Names this text and no other, where that is known: then the text, which may be megabytes, is asked for at a cold start alone. */
  readonly codeId?: string;
  readonly binary: boolean;
  /** The function to call; `main` when absent. */
  readonly main?: string;
}

/** Limits of one action: milliseconds, MiB, MiB of logs, invocations at a time in one sandbox. */
export interface ActionLimits {
  readonly timeout: number;
  readonly memory: number;
  readonly logs: number;
  readonly concurrency: number;
}

/** One action, ready to run. Two executables with the same `name`, `version` and `revision` may share a warm sandbox. */
export interface Executable {
  /** Namespace of the caller, e.g. `guest` (`__OW_NAMESPACE`). */
  readonly namespace: string;
  /** Fully qualified name with a leading slash, e.g. `/guest/pdfmagic/v0` (`__OW_ACTION_NAME`). */
  readonly name: string;
  /** Semantic version of the action document, e.g. `0.0.3` (`__OW_ACTION_VERSION`). */
  readonly version: string;
  /** Changes whenever the document is written, also after a delete and a new create with the same version. */
  readonly revision: string;
  readonly exec: ActionCode;
  readonly limits: ActionLimits;
  /** Environment given at `/init`: parameters marked `init`. */
  readonly initEnvironment?: JsonObject;
}

/** One invocation of an action. */
export interface Invocation {
  /** 32 hexadecimal digits (`__OW_ACTIVATION_ID`). */
  readonly activationId: string;
  /** `X-Request-ID` of the request that caused it (`__OW_TRANSACTION_ID`). */
  readonly transactionId: string;
  readonly action: Executable;
  /** The parameters after all merging. */
  readonly parameters: JsonObject;
  /** `UUID:KEY`, only for actions annotated with `provide-api-key` (`__OW_API_KEY`). */
  readonly apiKey?: string;
  /** When the invocation was accepted, in milliseconds since the epoch; `waitTime` counts from here. */
  readonly acceptedAt: number;
}

/** OpenWhisk's four kinds of ending: `success`, `application error`, `action developer error`, `whisk internal error`. */
export type StatusCode = 0 | 1 | 2 | 3;

/** What became of an invocation. An invoker never throws for anything that an action does. */
export interface Outcome {
  readonly statusCode: StatusCode;
  /** The action's result; for a failure `{error: ...}`. Absent only if the action gave none (status success, null). */
  readonly result: Json;
  /** Characters of the response as the runtime sent it (`size` of a record's response); absent when it sent none. */
  readonly size?: number;
  /** The JSON of `result` as the runtime wrote it, in ASCII, where it is known: whoever keeps it need not write it again. */
  readonly written?: Buffer;
  /** Lines as OpenWhisk keeps them: `2026-11-22T21:00:00.123456789Z stdout: text`. */
  readonly logs: readonly string[];
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** Milliseconds between acceptance and start. */
  readonly waitTime: number;
  /** Milliseconds of `/init`; absent when the sandbox was warm. */
  readonly initTime?: number;
  /** True when the time limit ended it. */
  readonly timedOut: boolean;
}

/** A runtime that the invoker offers. */
export interface Runtime {
  /** `python:3.11`. */
  readonly kind: string;
  /** Family for `GET /`: `python`, `nodejs`. */
  readonly family: string;
  /** The name by which `--docker` asks for the same interpreter; for `GET /`. */
  readonly image: string;
  /** Absolute path of the interpreter on this machine; absent when it is inside of `image`, in a Docker engine. */
  readonly executable?: string;
}

/** The kind of sandbox in use. */
export interface SandboxKind {
  readonly kind: 'bubblewrap' | 'process';
  readonly warning?: string;
}

/** Runs invocations in sandboxes: at most `capacity` at a time, further ones wait in order. */
export interface Invoker {
  /** Runtimes by kind; the first of a family is its default. */
  readonly runtimes: readonly Runtime[];
  /** Names of images that blackbox actions may use here. */
  readonly images: readonly string[];
  /** How actions are confined; `warning` is one line for the user when they run as plain processes. */
  readonly sandbox: SandboxKind;
  /** How many invocations run at the same time. */
  readonly capacity: number;
  /**
   * Told of an action whose code is new: unpacks it in the background, so that its first run need not. Nothing of it is run, and
   * what is wrong with it is said by that run.
   */
  prepare?(action: Executable): void;
  /** Runs one invocation to its end. Rejects only after `stop()`. */
  run(invocation: Invocation): Promise<Outcome>;
  /** Ends every sandbox, running or warm, and waits until no process of theirs is left. */
  stop(): Promise<void>;
}
