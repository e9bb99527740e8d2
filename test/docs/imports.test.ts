/** What the two lowest folders may import, and that their READMEs name every file. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = path.join(__dirname, '..', '..');

/** Files of a folder, and its folders', by path in the tree. */
function filesIn(folder: string): string[] {
  const entries = readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.md'));
  return files.map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
}

/** What a file imports: packages by name, files by path in the tree. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const names = [...text.matchAll(/(?:from|require\(|import\() ?'([^']+)'/g)].map((match) => match[1] ?? '');
  return names.map((name) => (name.startsWith('.') ? path.join(path.dirname(file), name) : name));
}

describe.each([
  ['ground', /^(node:|ground\/)/],
  ['sandbox', /^(node:|ground\/|sandbox\/)/],
])('%s/', (folder, allowed) => {
  test('imports nothing but Node.js, itself and the ground', () => {
    const files = filesIn(folder).filter((file) => file.endsWith('.ts'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect([file, importsOf(file).filter((name) => !allowed.test(name))]).toEqual([file, []]);
  });

  test('has a README that names every file', () => {
    const readme = readFileSync(path.join(ROOT, folder, 'README.md'), 'utf8');
    const missing = filesIn(folder).filter((file) => !readme.includes(`\`${path.basename(file)}\``));
    expect(missing).toEqual([]);
  });
});
