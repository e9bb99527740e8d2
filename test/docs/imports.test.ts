/** The rows of "What may import what" in docs/architecture.md, held; and two READMEs that name every file. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const ROOT = path.join(__dirname, '..', '..');
const FILES = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
const SOURCES = FILES.filter(
  (file) => /\.(m?[jt]s|py)$/.test(file) && !/^(test|docs|examples)\/|^[^/]+\.mts$/.test(file),
);

/** What a folder may import: paths that end with `/` are folders; and which npm packages. */
interface Rule {
  readonly folder: string;
  readonly allowed: readonly string[];
  readonly packages: readonly string[] | 'any';
}

/** What is in backticks in a cell. */
function namesIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

/** Reads the rules of the page: a row may hold several folders; "everything above" are the folders of the rows before. */
function readRules(page: string): Rule[] {
  const section = page.split('\n## What may import what\n')[1] ?? '';
  const rows = section.split('\n').filter((line) => /^\| [^-]*`/.test(line));
  return rows.flatMap((row, index) => {
    const [folders, allowed = '', packages = ''] = row.split('|').slice(1);
    const above = rows.slice(0, index).flatMap((before) => namesIn(before.split('|')[1]));
    return namesIn(folders).map((folder) => ({
      folder,
      allowed: [...namesIn(allowed), ...(allowed.includes('everything above') ? above : [])],
      packages: packages.trim() === 'any' ? ('any' as const) : namesIn(packages),
    }));
  });
}

const RULES = readRules(readFileSync(path.join(ROOT, 'docs', 'architecture.md'), 'utf8'));

/** The rule of a file: that of the innermost folder. */
function ruleOf(file: string): Rule | undefined {
  const fitting = RULES.filter(({ folder }) => contains(folder, file));
  return fitting.sort((a, b) => b.folder.length - a.folder.length)[0];
}

/** Whether a path of the tree, or a package's name, is what `allowed` names or below it. */
function contains(allowed: string, name: string): boolean {
  if (allowed.startsWith('@')) return name === allowed || name.startsWith(`${allowed}/`);
  const bare = (file: string) => file.replace(/\.\w+$/, '');
  return allowed.endsWith('/') ? `${name}/`.startsWith(allowed) : bare(name) === bare(allowed);
}

/** What a file imports: files by path in the tree, packages of this project by name, others as `npm:NAME`; Node.js is left out. */
function importsOf(file: string, text: string): string[] {
  if (file.endsWith('.py')) return pythonImports(file, text);
  const names = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return names
    .filter((name) => !isBuiltin(name))
    .map((name) => {
      if (name.startsWith('.')) return path.posix.join(path.posix.dirname(file), name);
      return name.startsWith('@pdfmagic/') ? name : `npm:${name}`;
    });
}

/** Modules of this project that a Python file imports; for it they are beside it or in one of the top folders. */
function pythonImports(file: string, text: string): string[] {
  const modules = [...text.matchAll(/^\s*(?:from|import) (\w+)/gm)].map((match) => match[1] ?? '');
  const python = SOURCES.filter((source) => source.endsWith('.py'));
  return modules.flatMap((name) => {
    const found = python.filter((source) => new RegExp(`^\\w+/${name}(/|\\.py$)`).test(source));
    return found.some((source) => source.split('/')[0] === file.split('/')[0]) ? [] : found.slice(0, 1);
  });
}

/** The imports of a file that its rule does not allow. */
function forbiddenIn(file: string, { folder, allowed, packages }: Rule, text: string): string[] {
  return importsOf(file, text).filter((name) => {
    if (name.startsWith('npm:')) return packages !== 'any' && !packages.some((given) => name === `npm:${given}`);
    return ![folder, ...allowed, 'package.json'].some((place) => contains(place, name));
  });
}

test('each source file is in a folder of the table, and each folder of the table is there', () => {
  expect(SOURCES.filter((file) => ruleOf(file) === undefined)).toEqual([]);
  const empty = RULES.filter(({ folder }) => !SOURCES.some((file) => contains(folder, file)));
  expect(empty).toEqual([]);
});

test.each(RULES)('$folder imports what its row allows', (rule) => {
  const files = SOURCES.filter((file) => ruleOf(file) === rule);
  const forbidden = files.map((file) => [file, forbiddenIn(file, rule, readFileSync(path.join(ROOT, file), 'utf8'))]);
  expect(forbidden.filter(([, names]) => names?.length)).toEqual([]);
});

test.each([
  ['ground/json.ts', "import { z } from 'zod';", 'npm:zod'],
  ['contract/ways.ts', "export * from '../ground/json';", 'ground/json'],
  ['sandbox/sandbox.ts', "await import('../platform/seam');", 'platform/seam'],
  ['feed/feed.ts', "const { x } = require('../infra/config');", 'infra/config'],
  ['infra/targets/targets.ts', "import type { A } from '../service/outputs';", 'infra/service/outputs'],
  ['infra/config/config.ts', "import '../targets/targets';", 'infra/targets/targets'],
  ['infra/emulated/src/index.ts', "import '@pdfmagic/cluster-waits';", '@pdfmagic/cluster-waits'],
  ['platform/composition/platform.ts', "import { a } from '@pdfmagic/openwhisk';", '@pdfmagic/openwhisk'],
  ['actions/v0/__main__.py', 'from service import app', 'cloudrun/service/__init__.py'],
])('a forbidden import of %s is found: %s', (file, text, found) => {
  const rule = ruleOf(file);
  expect(rule && forbiddenIn(file, rule, text)).toEqual([found]);
});

describe.each(['ground', 'sandbox'])('%s/', (folder) => {
  test('has a README that names every file', () => {
    const readme = readFileSync(path.join(ROOT, folder, 'README.md'), 'utf8');
    const files = FILES.filter((file) => file.startsWith(`${folder}/`) && !file.endsWith('.md'));
    expect(files.filter((file) => !readme.includes(`\`${path.basename(file)}\``))).toEqual([]);
  });
});
