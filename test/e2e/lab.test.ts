/** docs/lab.md: what it links to is there, and its listings work as they are pasted, one after the other, in one shell. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countPages } from '../../local/demo/check-pdf';
import { Machine, ROOT } from './machine';
import { onPath, unless } from './on-path';

const DOCS = path.join(ROOT, 'docs');
const text = readFileSync(path.join(DOCS, 'lab.md'), 'utf8');
const listings = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, listing = '']) => listing);
const links = [...text.matchAll(/\[`([^`\]]+)`\]\((\.\.[^)]+)\)/g)].map(([, name = '', target = '']) => ({
  name,
  target,
}));

describe('the page on the lab', () => {
  test.each(links)('shows $name in $target', ({ name, target }) => {
    const file = path.join(DOCS, target);
    expect(existsSync(file)).toBe(true);
    // A name with a dot or a slash is that of a file or folder; any other is in the code that is linked to.
    if (/[./]/.test(name) || statSync(file).isDirectory()) return;
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`\\b${name}\\b`));
  });
});

const present = onPath('curl', '--version') && onPath('wsk', 'property', 'get', '--cliversion');

describe.runIf(present)(`its listings, pasted into a shell${unless(present, 'wsk and curl')}`, () => {
  const machine = new Machine();
  let output = '';
  const pdf = (name: string) => countPages(readFileSync(path.join(machine.dataDir, name)));

  beforeAll(async () => {
    await machine.startPlatform();
    const up = await machine.run('up');
    expect(up.code, up.output).toBe(0);
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', listings.join('\n')], {
      cwd: ROOT,
      env: { ...process.env, HOME: machine.folder, DATA: machine.dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [shell.stdout, shell.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(shell, 'close')) as [number | null];
    expect(code, output).toBe(0);
  });
  afterAll(() => machine.close());

  test.each(['v0', 'v1', 'lab', 'event'])('leave %s.pdf, of one page', async (name) => {
    expect(await pdf(`${name}.pdf`)).toBe(1);
  });

  test('convert by bucket once, and say so the second time', () => {
    expect(output).toMatch(/"object":\s*"lab\.pdf"/);
    expect(output).toMatch(/"unchanged": true/);
  });

  test('run two actions at one event, each with an activation of its own', () => {
    const listed = output.slice(output.indexOf('ok: triggered'));
    expect(listed).toMatch(/print-arguments/);
    expect(listed).toMatch(/\bv2\b/);
  });

  test('remove what they made', () => {
    for (const made of ['rule lab-convert', 'trigger lab-file', 'action lab/v2', 'package lab']) {
      expect(output).toContain(`ok: created ${made}`);
      expect(output).toContain(`ok: deleted ${made}`);
    }
    expect(existsSync(path.join(machine.dataDir, 'defaults.json'))).toBe(false);
  });
});
