import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { PORT, STORAGE_PORT } from '../../platform/composition/ports';
import { ROOT } from '../e2e/machine';
import { onPath, unless } from '../e2e/on-path';
import { countModules } from './modules';

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
  test.each([
    ['outputs', ['--student', '--data'], ['--platform', '--port', '--sandbox', '--docker']],
    ['compare', ['--student', '--data', '--move'], ['--platform', '--port', '--sandbox', '--docker']],
    ['refresh', ['--student', '--data', '--port'], ['--platform']],
    ['destroy', ['--student', '--data', '--port'], ['--platform']],
    ['up', ['--student', '--data', '--port', '--platform'], []],
  ])('of %s lists what it uses, and only that', async (name, used, unused) => {
    const listed = (await run(name, '--help')).match(/^ +--[a-z-]+/gm)?.map((option) => option.trim());
    expect(listed).toEqual(expect.arrayContaining(used));
    for (const option of unused) expect(listed).not.toContain(option);
  });
  test('leaves out options that only other commands use, but takes them, so that they can be pasted', async () => {
    const pasted = ['--platform', 'openwhisk', '--port', '3299', '--data', folder];
    await expect(run('outputs', ...pasted)).rejects.toThrow(/Nothing is deployed for student demo:/);
  });
});

describe('completion', () => {
  test.each([
    [['st'], /^start\b.*^status\b.*^stress\b/ms],
    [['up', '--platform', ''], /^openwhisk\b.*^cloudrun\b/ms],
    [['convert', '--via', ''], /^v0\b.*^v3\b/ms],
    [['convert', '--'], /^--recursive\b.*^--skip-existing\b.*^--quiet\b/ms],
    [['logs', '--'], /^--action\b.*^--failed\b/ms],
  ])('of %j', async (words, expected) => {
    expect(await run('complete', '--', ...words)).toMatch(expected);
  });
  const SHELLS = [
    // What the shell prints once it has read the script: that it completes this program; fish completes a line of itself.
    ['bash', ['--norc', '-c', 'source ./script; complete -p pdfmagic'], / pdfmagic$/m],
    ['zsh', ['-f', '-c', `autoload -Uz compinit; compinit -u -D; source ./script; echo "\${_comps[pdfmagic]}"`], /^_/m],
    ['fish', ['--no-config', '-c', 'source ./script; complete -C "pdfmagic logs --f"'], /^--failed\b.*^--follow\b/ms],
  ] as const;
  for (const [shell, line, expected] of SHELLS) {
    const has = onPath(shell, '--version');
    test.runIf(has)(`works in ${shell}${unless(has, shell)}`, async () => {
      writeFileSync(path.join(folder, 'script'), await run('completion', shell));
      const program = path.join(folder, 'pdfmagic');
      writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${ROOT}/cli/pdfmagic.mjs' "$@"\n`, {
        mode: 0o755,
      });
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, HOME: folder };
      const { stdout, stderr } = await promisify(execFile)(shell, line, { cwd: folder, env });
      expect(stdout, stderr).toMatch(expected);
    });
  }
});

describe('a command loads no more than it needs', () => {
  /** Packages that a command loads. */
  async function packagesOf(...args: string[]): Promise<string[]> {
    const line = [path.join(ROOT, 'cli/pdfmagic.mjs'), ...args];
    const env = { ...process.env, NODE_DEBUG: 'module' };
    const { stderr } = await promisify(execFile)(process.execPath, line, { cwd: folder, env, maxBuffer: 64 << 20 });
    const loaded = stderr.matchAll(/ load "[^"]*\/node_modules\/((?:@[^/"]+\/)?[^/"]+)/g);
    return [...new Set([...loaded].map(([, name = '']) => name))];
  }
  test.each(['--help', '--version', 'convert --help', 'start --help'])('%s: only what reads options', async (line) => {
    expect(await packagesOf(...line.split(' '))).toEqual(['commander']);
  });
  test('--help: at most 32 modules', async () => {
    expect((await countModules(folder, '--help'))['pdfmagic.mjs']).toBeLessThanOrEqual(32);
  });
  test('open: neither Google’s clients nor Pulumi', async () => {
    const outputs = { student: 'ada', page: 'http://127.0.0.1:9/page', endpoints: { v1: 'http://127.0.0.1:9/' } };
    const more = { apihost: 'http://127.0.0.1:9', buckets: { in: 'in', out: 'out' }, storage: 'http://127.0.0.1:9' };
    writeFileSync(path.join(folder, 'o.json'), JSON.stringify({ ...outputs, ...more, events: { source: 'none' } }));
    const packages = await packagesOf('open', '--print', '--outputs', 'o.json');
    expect(packages).toContain('zod');
    expect(packages.filter((name) => /^@(google-cloud|pulumi)\//.test(name))).toEqual([]);
  });
});
