/** What a target says about itself: its words, the keys that its stacks take, what must not be set together, and how it is read. */
import type { ConfigKey } from './key';
import type { Values } from './problem';
import type { Reader } from './reader';

/** A target, as far as the stack config knows it. Its name is that of its line in `targets/all-targets.ts`. */
export interface Target<Name extends string = string, Config extends object = object> {
  /** What it is, in words: part of errors and of the table in infra/README.md. */
  readonly is: string;
  /** The keys that it takes besides those of every stack; any other key is a mistake. */
  readonly keys: Readonly<Record<Name, ConfigKey>>;
  /** Which of them it cannot do without. */
  readonly needed: readonly NoInfer<Name>[];
  /** Where else the value of a key may be, by key: the full name in another namespace of the config. */
  readonly fallbacks?: Readonly<Record<string, string>>;
  /** Finds what must not be set together on this target, in words; `conflicts.ts` has what holds on all. */
  readonly findConflicts?: (values: Values) => string[];
  /** Reads the values once they are checked: only of keys that the target takes. */
  readonly read: (read: Reader<NoInfer<Name>>, stack: string) => Config;
}

/** Holds what a target says to {@link Target}, and keeps its own type. */
export function defineTarget<Name extends string, Config extends object>(
  target: Target<Name, Config>,
): Target<Name, Config> {
  return target;
}
