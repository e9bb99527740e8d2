/** The table of config keys in infra/README.md, made from the keys: `npm run docs` writes it. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ConfigKey } from './key';
import { findUse, KEYS } from './keys/all-keys';
import type { Target } from './target';
import { TARGETS } from './targets/all-targets';

const README = path.join(__dirname, '..', 'README.md');
const TABLE = /(?<=<!-- config keys -->\n).*?(?=<!-- \/config keys -->)/s;

/** Reads infra/README.md, as it is and as it should be. */
export function readDocument(): { readonly present: string; readonly expected: string } {
  const present = readFileSync(README, 'utf8');
  return { present, expected: present.replace(TABLE, () => `\n${makeTable()}\n`) };
}

function makeTable(): string {
  const rows = Object.entries(KEYS).map(([name, key]) => {
    const secret = key.secret ? 'Set it with `--secret`.' : undefined;
    const text = [`${key.allowed}.`, key.note, secret].filter((part) => part !== undefined).join(' ');
    return [`\`${name}\``, nameTargets(name, key), key.default === undefined ? '' : `\`${key.default}\``, text];
  });
  const lines = [['key', 'for', 'default', 'what it is'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('');
}

/** The targets that take a key, in bold where it is required; and its platform, where one of them has a choice. */
function nameTargets(key: string, { platform }: ConfigKey): string {
  const uses = Object.entries<Target>(TARGETS).map(([name, target]) => ({ name, target, use: findUse(key, target) }));
  const taking = uses.filter(({ use }) => use !== undefined);
  const alike = new Set(uses.map(({ use }) => use)).size === 1;
  const shown = alike ? taking.slice(0, 1).map(({ use }) => ({ name: 'all', use })) : taking;
  const names = shown.map(({ name, use }) => (use === 'needed' ? `**${name}**` : name)).join(' ');
  const choice = taking.some(({ target }) => findUse('platform', target) !== undefined);
  return platform !== undefined && choice ? `${names}, ${platform}` : names;
}

if (require.main === module) writeFileSync(README, readDocument().expected);
