/** The table of config keys in infra/README.md, made from the keys: `npm run docs` writes it. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ConfigKey, TARGETS } from './key';
import { KEYS } from './keys/all-keys';

const README = path.join(__dirname, '..', 'README.md');
const TABLE = /(?<=<!-- config keys -->\n).*?(?=<!-- \/config keys -->)/s;

/** Reads infra/README.md, as it is and as it should be. */
export function readDocument(): { readonly present: string; readonly expected: string } {
  const present = readFileSync(README, 'utf8');
  return { present, expected: present.replace(TABLE, () => `\n${makeTable()}\n`) };
}

function makeTable(): string {
  const keys: [string, ConfigKey][] = Object.entries(KEYS);
  const rows = keys.map(([name, key]) => {
    const secret = key.secret ? 'Set it with `--secret`.' : undefined;
    const text = [`${key.allowed}.`, key.note, secret].filter((part) => part !== undefined).join(' ');
    return [`\`${name}\``, nameTargets(key), key.default === undefined ? '' : `\`${key.default}\``, text];
  });
  const lines = [['key', 'for', 'default', 'what it is'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('');
}

/** Initials of the targets that take a key, in bold where it is required. */
function nameTargets({ needed = [], optional = [], platform }: ConfigKey): string {
  const taking = TARGETS.filter((target) => needed.includes(target) || optional.includes(target));
  const all = taking.length === TARGETS.length;
  const initials = taking.map((target) => (needed.includes(target) ? `**${target[0]}**` : target[0]));
  const targets = all ? (needed.length > 0 ? '**all**' : 'all') : initials.join(' ');
  return platform === 'cloudrun' || (platform === 'openwhisk' && taking.includes('gke'))
    ? `${targets}, ${platform}`
    : targets;
}

if (require.main === module) writeFileSync(README, readDocument().expected);
