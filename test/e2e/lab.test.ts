/** docs/lab.md and its answers: what they link to is there, and the listings work as they are pasted, in one shell. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countPages } from '../../cli/demo/check-pdf';
import { Machine, ROOT } from './machine';
import { onPath, unless } from './on-path';
import { PULUMI_PRESENT, PulumiCli } from './pulumi-cli';

const DOCS = path.join(ROOT, 'docs');
const text = readFileSync(path.join(DOCS, 'lab.md'), 'utf8');
const answers = readFileSync(path.join(DOCS, 'lab-answers.md'), 'utf8');
const listings = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, listing = '']) => listing);
const links = [...`${text}${answers}`.matchAll(/\[`([^`\]]+)`\]\((\.\.[^)]+)\)/g)].map(
  ([, name = '', target = '']) => ({
    name,
    target,
  }),
);

describe('the lab and its answers', () => {
  test('are apart: the lab asks each question that is answered, and answers none', () => {
    const asked = [...text.matchAll(/^(\d+\. .*\?)$/gm)].map(([, question]) => question);
    const answered = [...answers.matchAll(/^## (\d+\. .*\?)$/gm)].map(([, question]) => question);
    expect(asked).toHaveLength(7);
    expect(answered).toEqual(asked);
    expect(text.trimEnd().endsWith(asked.at(-1) ?? '')).toBe(true);
  });

  test.each(links)('shows $name in $target', ({ name, target }) => {
    const file = path.join(DOCS, target);
    expect(existsSync(file)).toBe(true);
    // A name with a dot or a slash is that of a file or folder; any other is in the code that is linked to.
    if (/[./]/.test(name) || statSync(file).isDirectory()) return;
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`\\b${name}\\b`));
  });
});

const present = onPath('curl', '--version') && onPath('wsk', 'property', 'get', '--cliversion');

/** Pastes all listings into one shell. @returns what it printed */
async function paste(machine: Machine, env: NodeJS.ProcessEnv = {}): Promise<string> {
  let output = '';
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', listings.join('\n')], {
    cwd: ROOT,
    env: { ...process.env, HOME: machine.folder, DATA: machine.dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(shell, 'close')) as [number | null];
  expect(code, output).toBe(0);
  return output;
}

/** What each listing leaves, on whichever stack. */
function expectLab(machine: Machine, output: () => string): void {
  const pdf = (name: string) => countPages(readFileSync(path.join(machine.dataDir, name)));

  test.each(['v0', 'v1', 'lab', 'event'])('leave %s.pdf, of one page', async (name) => {
    expect(await pdf(`${name}.pdf`)).toBe(1);
  });

  test('convert by bucket once, and say so the second time', () => {
    expect(output()).toMatch(/"object":\s*"lab\.pdf"/);
    expect(output()).toMatch(/"unchanged": true/);
  });

  test('run two actions at one event, each with an activation of its own', () => {
    const listed = output().slice(output().indexOf('ok: triggered'));
    expect(listed).toMatch(/print-arguments/);
    expect(listed).toMatch(/\bv2\b/);
  });

  test('remove what they made', () => {
    for (const made of ['rule lab-convert', 'trigger lab-file', 'action lab/v2', 'package lab']) {
      expect(output()).toContain(`ok: created ${made}`);
      expect(output()).toContain(`ok: deleted ${made}`);
    }
    expect(existsSync(path.join(machine.dataDir, 'defaults.json'))).toBe(false);
  });
}

describe.runIf(present)(`its listings, pasted into a shell${unless(present, 'wsk and curl')}`, () => {
  const machine = new Machine();
  let output = '';

  beforeAll(async () => {
    await machine.startPlatform();
    const up = await machine.run('up');
    expect(up.code, up.output).toBe(0);
    output = await paste(machine);
  });
  afterAll(() => machine.close());

  expectLab(machine, () => output);
});

const real = present && PULUMI_PRESENT;

describe.runIf(real)(`its listings on a stack of the real Pulumi${unless(real, 'wsk, curl and pulumi')}`, () => {
  const machine = new Machine();
  const stack = `lab-${process.pid}`;
  const pulumi = new PulumiCli(ROOT, machine.folder, stack);
  let output = '';

  beforeAll(async () => {
    await machine.startPlatform();
    await pulumi.run('stack', 'init');
    await pulumi.run('config', 'set', 'student', 'lab');
    await pulumi.run('config', 'set', 'platformDir', machine.dataDir);
    await pulumi.up();
    output = await paste(machine, { ...pulumi.settings, STACK: stack });
    // Each command of the CLI takes half a minute on a busy machine.
  }, 900_000);
  afterAll(async () => {
    rmSync(path.join(ROOT, `Pulumi.${stack}.yaml`), { force: true });
    await machine.close();
  });

  expectLab(machine, () => output);

  test('and its outputs are told, by name, as the README says', async () => {
    const endpoints: unknown = JSON.parse(await pulumi.run('stack', 'output', 'endpoints', '--json'));
    expect(endpoints).toMatchObject({ v1: expect.stringMatching(/^http.*\/convert\/pdf$/) });
  });
});
