/** A problem of the config in words: the key, what was found, what is allowed, and the line that fixes it. */
import type { ConfigKey } from './key';

/** The values of a stack config as texts, by key. */
export type Values = ReadonlyMap<string, string>;

/** Shows a value, shortened; never that of a secret. */
export function show(value: string, key: ConfigKey): string {
  if (key.secret) return value === '' ? 'an empty secret' : 'a secret in the wrong form (not shown)';
  return value.length > 80 ? `${JSON.stringify(value.slice(0, 80))}...` : JSON.stringify(value);
}

/** Says that a key has to be set, or set to something else. */
export function demand(name: string, key: ConfigKey, found: string, allowed: string = key.allowed): string {
  return describe(name, found, allowed, `pulumi config set ${key.secret ? '--secret ' : ''}${name} ${key.example}`);
}

/** Says that a key has to go. */
export function reject(name: string, found: string, allowed = 'nothing'): string {
  return describe(name, found, allowed, `pulumi config rm ${name}`);
}

function describe(name: string, found: string, allowed: string, fix: string): string {
  return `  ${name}\n    found:   ${found}\n    allowed: ${allowed}\n    fix:     ${fix}\n`;
}
