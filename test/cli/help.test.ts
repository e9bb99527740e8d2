import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { PORT, STORAGE_PORT } from '../../platform/composition/ports';
import { ROOT } from '../e2e/machine';
import { onPath, unless } from '../e2e/on-path';

const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-help-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the program prints, called from a folder that is not the project's. */
async function run(...args: string[]): Promise<string> {
  const line = [path.join(ROOT, 'cli/pdfmagic.mjs'), ...args];
  return (await promisify(execFile)(process.execPath, line, { cwd: folder })).stdout;
}

const COMMANDS = [
  ...['start', 'convert', 'open', 'status', 'logs', 'up', 'preview', 'refresh', 'destroy', 'outputs'],
  ...['platform', 'bench', 'compare', 'stress', 'torture', 'runtime-packages'],
];

describe('--help', () => {
  test('names every command on a screen of 80 x 24', async () => {
    const lines = (await run('--help')).trimEnd().split('\n');
    expect(lines.length).toBeLessThan(24);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    for (const name of COMMANDS) expect(lines.join('\n')).toMatch(new RegExp(`\\b${name}\\b`));
  });
  test.each(COMMANDS)('of %s has an example, and no default that says nothing', async (name) => {
    const help = await run(name, '--help');
    expect(help).toMatch(new RegExp(`Examples?:\n {2}pdfmagic ${name}`));
    expect(help).not.toContain('default: false');
  });
  test('tells the ports that the platform takes', async () => {
    const help = await run('platform', '--help');
    expect(help).toContain(`default: ${PORT}`);
    expect(help).toContain(`default: ${STORAGE_PORT}`);
  });
});

describe('completion', () => {
  test.each([
    [['st'], /^start\b.*^status\b.*^stress\b/ms],
    [['up', '--platform', ''], /^openwhisk\b.*^cloudrun\b/ms],
    [['convert', '--via', ''], /^v0\b.*^v3\b/ms],
  ])('of %j', async (words, expected) => {
    expect(await run('complete', '--', ...words)).toMatch(expected);
  });
  test.each(['bash', 'zsh', 'fish'])('has a script for %s that the shell can read', async (shell) => {
    const script = await run('completion', shell);
    expect(script).toContain('pdfmagic');
    const has = onPath(shell, '--version');
    // From a file: fish cannot read the socket that Node.js makes of an input.
    const file = path.join(folder, shell);
    writeFileSync(file, script);
    if (has) expect(spawnSync(shell, ['-n', file]).status, unless(has, shell)).toBe(0);
  });
});
