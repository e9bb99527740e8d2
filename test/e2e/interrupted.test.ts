/** Somebody presses Ctrl-C, mistypes in an action, or has a folder that cannot be written: one line says so, and no dump. */
import { execFile, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../ground/free-port';
import { runOnTerminal } from '../terminal';
import { Machine, ROOT } from './machine';

const machine = new Machine();
afterAll(() => machine.close());

/** What no user should see: Pulumi's insides, paths of serialization, stacks. */
const DUMP = /promises? (was|were) still active|error serializing|Pulumi Runtime|^ {4}at |node_modules|TransformError/m;

/** A copy of the project, to be broken. */
const project = path.join(machine.folder, 'project');
cpSync(ROOT, project, {
  recursive: true,
  filter: (source) => !/^(node_modules|build|out|\.git|\.pdfmagic|test|docs)(\/|$)/.test(path.relative(ROOT, source)),
});
symlinkSync(path.join(ROOT, 'node_modules'), path.join(project, 'node_modules'));
// Libraries need not be installed once more: the names of files there say what they were made from.
const build = path.join(project, 'build');
mkdirSync(path.join(ROOT, 'build'), { recursive: true });
symlinkSync(path.join(ROOT, 'build'), build);

const surroundings = { cwd: project, env: { ...process.env, HOME: machine.folder, TMPDIR: machine.temporary } };

interface Ended {
  readonly code: number;
  readonly output: string;
}

async function end(file: string, args: readonly string[]): Promise<Ended> {
  return promisify(execFile)(file, args, surroundings).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      output: error.stdout + error.stderr,
    }),
  );
}

async function pdfmagic(command: string, data: string): Promise<string[]> {
  const places = ['--data', path.join(machine.folder, data), '--port', `${await freePort()}`];
  return ['cli/pdfmagic.mjs', command, ...places, '--storage-port', `${await freePort()}`];
}

describe('Ctrl-C on a terminal', () => {
  test.each([0, 2000])('%d ms after "Deploying": one line, and how to go on', async (delay) => {
    const line = [...(await pdfmagic('start', 'interrupted')), '--output', path.join(machine.folder, 'out')];
    const type = { after: 'Deploying', delay, text: '\u0003' };
    const { code, screen } = await runOnTerminal([process.execPath, ...line], { type, ...surroundings });
    expect(screen).not.toMatch(DUMP);
    expect(screen).toMatch(/error: The run was stopped before it finished.*\r?\nRun `npm start` to go on\.\r?\n$/);
    expect(screen.match(/error:/g)).toHaveLength(1);
    expect(code).toBe(1);
  });
});

describe('a mistake in the program', () => {
  /** Breaks a file for the time of one `up`. */
  async function upWith(file: string, text: string): Promise<Ended> {
    const place = path.join(project, file);
    const original = readFileSync(place);
    appendFileSync(place, text);
    try {
      return await end(process.execPath, await pdfmagic('up', 'mistyped'));
    } finally {
      writeFileSync(place, original);
    }
  }

  test.each([
    [
      'actions/v1/__main__.py',
      'def main(:\n',
      /v1 is not valid Python [\d.]+\. Correct this line:\n.+\/actions\/v1\/__main__\.py:\d+: /,
    ],
    [
      'actions/pdfmagic/pdf.py',
      'def main(:\n',
      /result, upload, v0, v1, v2 are not valid Python [\d.]+\. Correct this line:\n.+\/pdf\.py:\d+: [^\n]+\nRun/,
    ],
    ['actions/page/src/words.ts', 'const = 1;\n', /words\.ts/],
    ['index.ts', 'const = 1;\n', /index\.ts/],
    ['infra/service/settings.ts', "throw new Error('mistyped');\n", /Error: mistyped/],
  ])('in %s is said with its place, and nothing else', async (file, text, expected) => {
    const { code, output } = await upWith(file, text);
    expect(output).not.toMatch(/promises? (was|were) still active|error serializing|Pulumi Runtime|node_modules/);
    expect(output).toMatch(expected);
    expect(output).toMatch(/\nRun `npm run up` to go on\.\n$/);
    expect(output.match(/^error:/gm)).toHaveLength(1);
    expect(code).toBe(1);
  });
});

describe('a folder that cannot be written', () => {
  const canMount = spawnSync('bwrap', ['--dev-bind', '/', '/', 'true']).status === 0;
  const reason = canMount ? '' : ' (skipped: bubblewrap cannot be used here)';
  beforeAll(() => rmSync(build));
  test.runIf(canMount)(`is named, whichever it is${reason}`, async () => {
    const readOnly = ['--dev-bind', '/', '/', '--ro-bind', project, project, process.execPath];
    for (const command of ['up', 'start']) {
      const { code, output } = await end('bwrap', [...readOnly, ...(await pdfmagic(command, 'elsewhere'))]);
      expect(output).not.toMatch(DUMP);
      expect(output).toMatch(/error: Cannot write .*project\/build.*: its disk is read-only\. /);
      expect(code).toBe(1);
    }
    const inside = await end('bwrap', [...readOnly, ...(await pdfmagic('up', 'project/.pdfmagic'))]);
    expect(inside.output).not.toMatch(DUMP);
    expect(inside.output).toMatch(/error: .*\.pdfmagic cannot be the data folder/);
  });
});
