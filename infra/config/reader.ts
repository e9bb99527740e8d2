/** Reads values that have passed the check, each as its own type. */
import * as pulumi from '@pulumi/pulumi';
import type { ConfigKey } from './key';

/** Reads values by key. A key that is not set has its default. */
export interface Reader<Name extends string> {
  maybe(name: Name): string | undefined;
  text(name: Name): string;
  number(name: Name): number;
  flag(name: Name): boolean;
  /** A URL, without a slash at its end. */
  url(name: Name): string;
  secret(name: Name): pulumi.Output<string>;
  maybeSecret(name: Name): pulumi.Output<string> | undefined;
}

/** Opens checked values for reading. */
export function createReader<Name extends string>(
  keys: Readonly<Record<Name, ConfigKey>>,
  values: ReadonlyMap<string, string>,
): Reader<Name> {
  const maybe = (name: Name): string | undefined => values.get(name) ?? keys[name].default;
  const text = (name: Name): string => {
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
