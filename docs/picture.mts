/** The picture in docs/architecture.md, made from the code's imports: `npm run docs:picture` writes it, a test holds it. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const PAGE = path.join(ROOT, 'docs', 'architecture.md');
const BLOCK = /(<!-- picture -->\n).*?(<!-- \/picture -->)/s;

/** Top-level folders as a Mermaid graph: an arrow from A to B where a file of A imports one of B. Tests are left out. */
export function drawImports(): string {
  const listed = execFileSync('git', ['ls-files', '*.ts'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  const arrows = new Set<string>();
  for (const file of listed.filter((name) => name.includes('/') && !name.startsWith('test/'))) {
    for (const [, specifier = ''] of readFileSync(path.join(ROOT, file), 'utf8').matchAll(/from '(\.[^']*)'/g)) {
      const [from, to] = [file, path.posix.join(path.posix.dirname(file), specifier)].map((name) => name.split('/')[0]);
      if (from !== to && to !== 'package.json') arrows.add(`  ${from} --> ${to}`);
    }
  }
  return ['```mermaid', 'graph TD', ...[...arrows].sort(), '```', ''].join('\n');
}

/** The page with its picture as the code has it now. */
export function withPicture(page: string): string {
  return page.replace(BLOCK, (_whole, start: string, end: string) => `${start}${drawImports()}${end}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, withPicture(readFileSync(PAGE, 'utf8')));
