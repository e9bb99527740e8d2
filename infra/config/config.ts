/**
 * Reads the stack config into a typed value, or fails with one error that names everything wrong with it:
 * the key, what was found, what is allowed, and the `pulumi config set` line that fixes it.
 */
import * as pulumi from '@pulumi/pulumi';
import { findConflicts } from './conflicts';
import { type ConfigKey, PLATFORMS, TARGETS, type Target } from './key';
import { KEYS, type KeyName } from './keys/all-keys';
import { demand, reject, show } from './problem';
import { createReader } from './reader';
import { readStackConfig, type StackConfig } from './stack-config';

/** Values as `pulumi config` gives them: full keys (`pdfmagic:student`) and plain text. */
export type RawConfig = Readonly<Record<string, string>>;

/** Reads the config of the stack that is running. @throws pulumi.RunError naming every problem. */
export function readConfig(): StackConfig {
  return parseConfig(pulumi.runtime.allConfig(), pulumi.getProject(), pulumi.getStack());
}

/** The pure half of {@link readConfig}. @throws pulumi.RunError naming every problem. */
export function parseConfig(raw: RawConfig, project: string, stack: string): StackConfig {
  const values = pickOwnValues(raw, project);
  const target = TARGETS.find((t) => t === (values.get('target') ?? 'local'));
  const problems = [...findUnknownKeys(values), ...findWrongValues(values, target)];
  if (problems.length > 0 || target === undefined) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    throw new pulumi.RunError(`The config of stack "${stack}" has ${count}:\n\n${problems.join('\n')}`);
  }
  return readStackConfig(target, createReader<KeyName>(KEYS, values), stack);
}

function pickOwnValues(raw: RawConfig, project: string): Map<string, string> {
  const prefix = `${project}:`;
  const own = Object.entries(raw).filter(([key]) => key.startsWith(prefix));
  const values = new Map(own.map(([key, value]) => [key.slice(prefix.length), value]));
  // Where the provider itself looks (https://www.pulumi.com/registry/packages/gcp/installation-configuration/).
  for (const name of ['project', 'zone'] as const) {
    const value = raw[`gcp:${name}`];
    if (value !== undefined && values.get('target') === 'gke' && !values.has(name)) values.set(name, value);
  }
  return values;
}

function isKey(name: string): name is KeyName {
  return Object.hasOwn(KEYS, name);
}

function findUnknownKeys(values: ReadonlyMap<string, string>): string[] {
  return [...values.keys()]
    .filter((name) => !isKey(name))
    .map((name) => reject(name, 'there is no such key', `one of ${Object.keys(KEYS).join(', ')}`));
}

function findWrongValues(values: ReadonlyMap<string, string>, target: Target | undefined): string[] {
  const problems: string[] = [];
  const keys: [string, ConfigKey][] = Object.entries(KEYS);
  const platform = PLATFORMS.find((name) => name === (values.get('platform') ?? 'openwhisk'));
  for (const [name, key] of keys) {
    const value = values.get(name);
    if (value === undefined) {
      if (target !== undefined && key.needed?.includes(target)) {
        problems.push(demand(name, key, `nothing, but target ${target} needs it`));
      }
    } else if (target !== undefined && !key.needed?.includes(target) && !key.optional?.includes(target)) {
      problems.push(reject(name, `a value that target ${target} does not use`));
    } else if (platform !== undefined && key.platform !== undefined && key.platform !== platform) {
      problems.push(reject(name, `a value that platform ${platform} does not use`));
    } else if (!key.schema.safeParse(value).success) {
      problems.push(demand(name, key, show(value, key)));
    }
  }
  return [...problems, ...findConflicts(values, target)];
}
