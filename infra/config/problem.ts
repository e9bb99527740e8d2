/** A problem of the config in words: the key, what was found, what is allowed, and the line that mends it. */
import type { ConfigKey } from './key';

/** The values of a stack config as texts, by key. */
export type Values = ReadonlyMap<string, string>;

/** What stands there, shortened; never for a secret. */
export function found(value: string, key: ConfigKey): string {
  if (key.secret) return value === '' ? 'an empty secret' : 'a secret of another form (not shown)';
  return value.length > 80 ? `${JSON.stringify(value.slice(0, 80))}...` : JSON.stringify(value);
}

export function setLine(name: string, key: ConfigKey): string {
  return `pulumi config set ${key.secret ? '--secret ' : ''}${name} ${key.example}`;
}

export function problem(name: string, what: string, allowed: string, mend: string): string {
  return `  ${name}\n    found:   ${what}\n    allowed: ${allowed}\n    mend:    ${mend}\n`;
}
