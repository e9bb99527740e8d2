/** Reads values that have passed the check, each as its own type. */
import * as pulumi from '@pulumi/pulumi';
import type { Keys } from './key';
import type { Values } from './problem';

/** Reads values by key. A key that is not set has its default. */
export interface Reader<Name extends string> {
  readonly maybe: (name: Name) => string | undefined;
  readonly text: (name: Name) => string;
  readonly number: (name: Name) => number;
  readonly flag: (name: Name) => boolean;
  /** A URL, without a slash at its end. */
  readonly url: (name: Name) => string;
  readonly secret: (name: Name) => pulumi.Output<string>;
  readonly maybeSecret: (name: Name) => pulumi.Output<string> | undefined;
}

/** Opens checked values for reading. */
export function createReader(keys: Keys, values: Values): Reader<string> {
  const maybe = (name: string): string | undefined => values.get(name) ?? keys[name]?.default;
  const text = (name: string): string => {
    const value = maybe(name);
    if (value === undefined) throw new Error(`config key ${name} passed the check without a value`);
    return value;
  };
  return {
    maybe,
    text,
    number: (name) => Number(text(name)),
    flag: (name) => text(name) === 'true',
    url: (name) => text(name).replace(/\/+$/, ''),
    secret: (name) => pulumi.secret(text(name)),
    maybeSecret: (name) => (maybe(name) === undefined ? undefined : pulumi.secret(text(name))),
  };
}
