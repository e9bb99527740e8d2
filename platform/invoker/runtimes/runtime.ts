/** What a language has to say of itself so that its actions can be run. */
import type { Runtime } from '../contract';

/** A runtime as its activations show it. */
export interface ActionRuntime extends Runtime {
  /** What `/init` answers when the runtime is gone without an answer, and the line it leaves in the log. */
  readonly exitDuringInit: { readonly error: string; readonly log?: string };
  /** What `/run` answers when the runtime is gone without an answer. */
  readonly exitDuringRun: string;
  /** True when an answer's line counts its end, as the action loop's does. */
  readonly countsLineEnd: boolean;
}

/** An interpreter of this machine together with its launcher. */
export interface RuntimeDescription extends ActionRuntime {
  /** Absolute path of the interpreter. */
  readonly executable: string;
  /** Arguments before the launcher. */
  readonly flags: readonly string[];
  /** The launcher, a file beside this one. */
  readonly launcher: string;
  /** Environment of the interpreter before `/init` adds to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folder of the packages that OpenWhisk's runtime brings along; absent when they are not installed here. */
  readonly packages?: string;
  /** What `/init` answers when the zip cannot be unpacked; the reason goes to the log. */
  readonly unpackFailed: string;
  /** A script beside the launcher that compiles an unpacked zip; undefined where there is nothing to gain. */
  readonly compiler?: string;
  /** What the names of its byte code end with, such as `cpython-311` (PEP 3147). */
  readonly byteCodeTag?: string;
}
