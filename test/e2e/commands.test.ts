import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployedStack, type OpenWhiskStack } from '../../cli/commands/deployed-stack';
import { countPages } from '../../cli/demo/check-pdf';
import { Machine, ROOT } from './machine';
import { onPath, unless } from './on-path';

const machine = new Machine();
let commands: OpenWhiskStack['commands'];

beforeAll(async () => {
  await machine.startPlatform();
  const up = await machine.run('up');
  expect(up.code, up.output).toBe(0);
  const stack = deployedStack(JSON.parse((await machine.run('outputs', '--json')).output));
  if (stack.platform !== 'openwhisk') throw new Error('deployed on another platform than asked for');
  commands = stack.commands;
});
afterAll(() => machine.close());

/** Pastes a command into a new shell, beside photo.jpg; answers the PDF that it left. */
async function paste(command: string, pdf: string): Promise<Buffer> {
  const cwd = mkdtempSync(path.join(machine.folder, 'paste-'));
  copyFileSync(path.join(ROOT, 'examples/photo.jpg'), path.join(cwd, 'photo.jpg'));
  await promisify(execFile)('sh', ['-c', `${commands.setup}\n${command}`], { cwd, env: { ...process.env, HOME: cwd } });
  return readFileSync(path.join(cwd, pdf));
}

const ways = ['v0', 'v1', 'v2', 'v3'] as const;

const hasCurl = onPath('curl', '--version');
const hasWsk = hasCurl && onPath('wsk', 'property', 'get', '--cliversion');

describe('the commands among the outputs work as pasted', () => {
  test.runIf(hasCurl).each(ways)(`%s by curl${unless(hasCurl, 'curl')}`, async (way) => {
    expect(await countPages(await paste(commands[way].curl, `${way}.pdf`))).toBe(1);
  });

  test.runIf(hasWsk).each(ways)(`%s by wsk${unless(hasWsk, 'wsk')}`, async (way) => {
    expect(await countPages(await paste(commands[way].wsk, `${way}.pdf`))).toBe(1);
  });
});
