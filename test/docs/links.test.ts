/** The documents of the project: what they link to, and the paths that docs/architecture.md names, are there. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = path.resolve(__dirname, '../..');
const ARCHITECTURE = 'docs/architecture.md';

const listed = execFileSync('git', ['ls-files', '-z', '*.md'], { cwd: ROOT, encoding: 'utf8' });
const documents = listed.split('\0').filter((file) => file !== '' && existsSync(path.join(ROOT, file)));

/** A document without its code: nothing in there is a link or a heading. */
function readProse(file: string): string {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  return text.replace(/^(```|~~~).*?^\1$/gms, '');
}

/** The targets of `[text](target)`. */
function findLinks(prose: string): string[] {
  return [...prose.replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
}

/** The anchors of a document's headings, as GitHub makes them. */
function findAnchors(file: string): string[] {
  const seen = new Map<string, number>();
  return [...readProse(file).matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').trim();
    const anchor = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/** Whether a relative link of a document leads somewhere. */
function leads(from: string, link: string): boolean {
  const [name = '', anchor] = link.split('#');
  const target = name === '' ? from : path.join(path.dirname(from), decodeURIComponent(name));
  if (!existsSync(path.join(ROOT, target))) return false;
  return anchor === undefined || !target.endsWith('.md') || findAnchors(target).includes(anchor);
}

describe('links between files lead somewhere', () => {
  test.each(documents)('%s', (file) => {
    const relative = findLinks(readProse(file)).filter((link) => !/^[a-z][a-z+.-]*:/i.test(link));
    expect(relative.filter((link) => !leads(file, link))).toEqual([]);
  });

  test('and the README leads to the documents at its side', () => {
    const links = findLinks(readProse('README.md'));
    const expected = [
      ARCHITECTURE,
      'docs/lab.md',
      'docs/lab-answers.md',
      'docs/cloudrun.md',
      'docs/google-cloud.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'SECURITY.md',
    ];
    expect(links).toEqual(expect.arrayContaining(expected));
  });
});

test(`paths that ${ARCHITECTURE} names exist`, () => {
  // What has a slash, and no scope, wildcard or space; a folder has one at its end.
  const paths = [...readProse(ARCHITECTURE).matchAll(/`([\w.-]+\/[\w./-]*)`/g)].map(([, name = '']) => name);
  expect(paths.length).toBeGreaterThan(60);
  expect(paths.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
});
