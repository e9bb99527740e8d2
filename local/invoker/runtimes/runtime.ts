/** What a language has to say of itself so that a sandbox can run its actions. */
import type { Runtime } from '../contract';

/** An interpreter of this machine together with its launcher. */
export interface RuntimeDescription extends Runtime {
  /** Arguments before the launcher. */
  readonly flags: readonly string[];
  /** The launcher, a file beside this one. */
  readonly launcher: string;
  /** Environment of the interpreter before `/init` adds to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** What `/init` answers when the interpreter is gone without an answer, and the line it leaves in the log. */
  readonly exitDuringInit: { readonly error: string; readonly log?: string };
  /** What `/init` answers when the zip cannot be unpacked; the reason goes to the log. */
  readonly unpackFailed: string;
  /** What `/run` answers when the interpreter is gone without an answer. */
  readonly exitDuringRun: string;
  /** True when a run's answer counts its line end, as the action loop's does. */
  readonly countsLineEnd: boolean;
  /** Command that compiles an unpacked zip in place, given its folder; undefined where there is nothing to gain. */
  readonly precompile?: (folder: string) => readonly string[];
}
