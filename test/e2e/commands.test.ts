import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countPages } from '../../cli/demo/check-pdf';
import type { Stack } from '../../cli/stack/stack';
import { WAY_NAMES } from '../../contract/ways';
import { Machine, ROOT } from './machine';
import { onPath, unless } from './on-path';

const machine = new Machine();
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

/** Pastes a command into a new shell, beside photo.jpg; answers the PDF that it left. */
async function paste(command: string, pdf: string): Promise<Buffer> {
  const cwd = mkdtempSync(path.join(machine.folder, 'paste-'));
  copyFileSync(path.join(ROOT, 'examples/photo.jpg'), path.join(cwd, 'photo.jpg'));
  await promisify(execFile)('sh', ['-c', `${commands.setup}\n${command}`], { cwd, env: { ...process.env, HOME: cwd } });
  return readFileSync(path.join(cwd, pdf));
}

const hasCurl = onPath('curl', '--version');
const hasWsk = hasCurl && onPath('wsk', 'property', 'get', '--cliversion');

describe('the commands among the outputs work as pasted', () => {
  test.runIf(hasCurl).each(WAY_NAMES)(`%s by curl${unless(hasCurl, 'curl')}`, async (way) => {
    expect(await countPages(await paste(commands[way]?.curl ?? '', `${way}.pdf`))).toBe(1);
  });

  test.runIf(hasWsk).each(WAY_NAMES)(`%s by wsk${unless(hasWsk, 'wsk')}`, async (way) => {
    expect(await countPages(await paste(commands[way]?.wsk ?? '', `${way}.pdf`))).toBe(1);
  });
});
