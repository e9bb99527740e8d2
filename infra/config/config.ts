/**
 * Reads the stack config into a typed value, or fails with one error that names everything wrong with it:
 * the key, what was found, what is allowed, and the `pulumi config set` line that fixes it.
 */
import * as pulumi from '@pulumi/pulumi';
import { findConflicts } from './conflicts';
import { PLATFORMS } from './key';
import { findUse, KEYS } from './keys/all-keys';
import { demand, reject, show, type Values } from './problem';
import { createReader } from './reader';
import type { Target } from './target';
import { isTarget, readStackConfig, type StackConfig, TARGETS } from './targets/all-targets';

/** Values as `pulumi config` gives them: full keys (`pdfmagic:student`) and plain text. */
export type RawConfig = Readonly<Record<string, string>>;

/** Reads the config of the stack that is running. @throws pulumi.RunError naming every problem. */
export function readConfig(): StackConfig {
  return parseConfig(pulumi.runtime.allConfig(), pulumi.getProject(), pulumi.getStack());
}

/** The pure half of {@link readConfig}. @throws pulumi.RunError naming every problem. */
export function parseConfig(raw: RawConfig, project: string, stack: string): StackConfig {
  const own = pickOwnValues(raw, project);
  const name = own.get('target') ?? 'local';
  const target: Target | undefined = isTarget(name) ? TARGETS[name] : undefined;
  const values = new Map([...findFallbacks(raw, target), ...own]);
  const problems = [...findUnknownKeys(values), ...findWrongValues(values, name, target)];
  if (problems.length > 0 || !isTarget(name)) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    throw new pulumi.RunError(`The config of stack "${stack}" has ${count}:\n\n${problems.join('\n')}`);
  }
  return readStackConfig(name, createReader(KEYS, values), stack);
}

function pickOwnValues(raw: RawConfig, project: string): Map<string, string> {
  const prefix = `${project}:`;
  const own = Object.entries(raw).filter(([key]) => key.startsWith(prefix));
  return new Map(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

function findFallbacks(raw: RawConfig, target: Target | undefined): [string, string][] {
  return Object.entries(target?.fallbacks ?? {}).flatMap(([name, elsewhere]): [string, string][] => {
    const value = raw[elsewhere];
    return value === undefined ? [] : [[name, value]];
  });
}

function findUnknownKeys(values: Values): string[] {
  return [...values.keys()]
    .filter((name) => !Object.hasOwn(KEYS, name))
    .map((name) => reject(name, 'there is no such key', `one of ${Object.keys(KEYS).join(', ')}`));
}

function findWrongValues(values: Values, targetName: string, target: Target | undefined): string[] {
  const problems: string[] = [];
  const platform = PLATFORMS.find((name) => name === (values.get('platform') ?? 'openwhisk'));
  for (const [name, key] of Object.entries(KEYS)) {
    const value = values.get(name);
    const use = target && findUse(name, target);
    if (value === undefined) {
      if (use === 'needed') problems.push(demand(name, key, `nothing, but target ${targetName} needs it`));
    } else if (target !== undefined && use === undefined) {
      problems.push(reject(name, `a value that target ${targetName} does not use`));
    } else if (platform !== undefined && key.platform !== undefined && key.platform !== platform) {
      problems.push(reject(name, `a value that platform ${platform} does not use`));
    } else if (!key.schema.safeParse(value).success) {
      problems.push(demand(name, key, show(value, key)));
    }
  }
  return [...problems, ...findConflicts(values, target)];
}
