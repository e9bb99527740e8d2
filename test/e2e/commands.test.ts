import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countPages } from '../../cli/demo/check-pdf';
import type { Stack } from '../../cli/stack/stack';
import { WAY_NAMES } from '../../contract/ways';
import { Cli } from '../cli/pdfmagic';
import { Machine, ROOT } from './machine';
import { onPath, unless } from './on-path';

/** Its name, too, is one that a shell has to be careful with. */
const machine = new Machine({}, `pdfmagic it's $HOME ü-`);
let commands: Stack['commands'];

beforeAll(async () => {
  await machine.startPlatform();
  const up = await machine.run('up');
  expect(up.code, up.output).toBe(0);
  const stack = await machine.stack();
  expect(stack.platform).toBe('openwhisk');
  commands = stack.commands;
});
afterAll(() => machine.close());

/** A folder of the user, with photo.jpg; its name is one that a shell has to be careful with. */
function makeFolder(): string {
  const folder = path.join(mkdtempSync(path.join(machine.folder, 'paste-')), `it's "my" $HOME ünï`);
  mkdirSync(folder);
  copyFileSync(path.join(ROOT, 'examples/photo.jpg'), path.join(folder, 'photo.jpg'));
  return folder;
}

/** Pastes a command into a new shell; answers what it printed. @throws Error when it fails */
async function paste(command = '', cwd = makeFolder(), shell = 'sh') {
  const line = [...(shell === 'zsh' ? ['-f'] : []), '-c', `${commands.setup}\n${command}`];
  return promisify(execFile)(shell, line, { cwd, env: { ...process.env, HOME: cwd } });
}

/** Pastes a command; answers the PDF that it left. */
async function makePdf(command: string | undefined, pdf: string, shell?: string): Promise<Buffer> {
  const cwd = makeFolder();
  await paste(command, cwd, shell);
  return readFileSync(path.join(cwd, pdf));
}

const hasCurl = onPath('curl', '--version');
const hasWsk = hasCurl && onPath('wsk', 'property', 'get', '--cliversion');
const hasZsh = hasCurl && onPath('zsh', '--version');

describe('the commands among the outputs work as pasted', () => {
  test.runIf(hasCurl).each(WAY_NAMES)(`%s by curl${unless(hasCurl, 'curl')}`, async (way) => {
    expect(await countPages(await makePdf(commands[way]?.curl, `${way}.pdf`))).toBe(1);
  });

  test.runIf(hasWsk).each(WAY_NAMES)(`%s by wsk${unless(hasWsk, 'wsk')}`, async (way) => {
    expect(await countPages(await makePdf(commands[way]?.wsk, `${way}.pdf`))).toBe(1);
  });

  test.runIf(hasZsh).each(WAY_NAMES)(`%s by curl in zsh${unless(hasZsh, 'zsh')}`, async (way) => {
    expect(await countPages(await makePdf(commands[way]?.curl, `${way}.pdf`, 'zsh'))).toBe(1);
  });
});

const tools = [...(hasCurl ? (['curl'] as const) : []), ...(hasWsk ? (['wsk'] as const) : [])];

describe.runIf(hasCurl).each(tools)(`a command by %s that fails${unless(hasCurl, 'curl')}`, (tool) => {
  test.each(WAY_NAMES)('%s shows the reason, and leaves the PDF of an earlier one as it is', async (way) => {
    const cwd = makeFolder();
    writeFileSync(path.join(cwd, 'photo.jpg'), 'no photograph');
    const command = commands[way]?.[tool];
    const failed = await paste(command, cwd).catch((error: object) => error);
    expect(failed).toMatchObject({ code: expect.any(Number) });
    expect(Object.values(failed).join('\n')).toContain('This is not a JPEG');
    for (const name of [`${way}.pdf`, `${way}.part`]) expect(existsSync(path.join(cwd, name)), name).toBe(false);
    writeFileSync(path.join(cwd, `${way}.pdf`), 'earlier');
    await expect(paste(command, cwd)).rejects.toThrow();
    expect(readFileSync(path.join(cwd, `${way}.pdf`), 'utf8')).toBe('earlier');
  });
});

describe.runIf(hasCurl)('a command that is pasted again', () => {
  test('v2 makes another PDF', async () => {
    const cwd = makeFolder();
    const objects = new Set<string | undefined>();
    for (const shell of ['sh', 'bash']) {
      const { stdout } = await paste(commands.v2?.curl, cwd, shell);
      objects.add(/"object": ?"(v2-\d+\.pdf)"/.exec(stdout)?.[1]);
    }
    expect(objects.size).toBe(2);
    expect([...objects]).not.toContain(undefined);
  });
  test('v3 logs what it has converted', async () => {
    const cwd = makeFolder();
    await paste(commands.v3?.curl, cwd);
    const cli = new Cli(path.join(machine.folder, 'user'), ['--data', machine.dataDir]);
    const { stdout } = await cli.run('logs', '--action', 'v2', '--limit', '1');
    expect(stdout).toMatch(/"converted": "demo-convert-in\/v3-\d+\.jpg", "pdf": "demo-convert-out\/v3-\d+\.pdf"/);
  });
});
