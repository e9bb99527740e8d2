import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Stage } from './stage';

/** `open`, with and without something that opens a page. */
const stage = new Stage();
const PAGE = 'http://127.0.0.1:9/page';

/** A folder with nothing, or with one program, as the whole PATH. */
function makePath(name: string, program?: string): string {
  const folder = path.join(stage.folder, name);
  mkdirSync(folder, { recursive: true });
  if (program !== undefined) writeFileSync(path.join(folder, 'browser'), program, { mode: 0o755 });
  return folder;
}

describe('open', () => {
  test('fails where nothing opens the page, and gives the address', async () => {
    const cli = stage.userOf('http://127.0.0.1:9', {}, { PATH: makePath('nothing') });
    const { code, stdout, stderr } = await cli.run('open');
    expect(code).toBe(1);
    expect(stdout).toBe(`${PAGE}\n`);
    expect(stderr).toMatch(
      /^error: No browser could be opened: .*\nOpen this address yourself: http:\/\/127.0.0.1:9\/page\n$/,
    );
  });
  test('succeeds where a browser opens it', async () => {
    const opened = path.join(stage.folder, 'opened');
    const browser = path.join(makePath('browser', `#!/bin/sh\necho "$1" > '${opened}'\n`), 'browser');
    const cli = stage.userOf('http://127.0.0.1:9', {}, { BROWSER: browser });
    const { code, stdout, stderr } = await cli.run('open');
    expect(stderr).toBe('');
    expect([code, stdout]).toEqual([0, `${PAGE}\n`]);
    expect(readFileSync(opened, 'utf8')).toBe(`${PAGE}\n`);
  });
  test('fails where browsers may not call the service, and says what to do', async () => {
    const cli = stage.userOf('http://127.0.0.1:9', { platform: 'cloudrun', page: undefined });
    const { code, stdout, stderr } = await cli.run('open');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: This stack has no page that a browser may open\.\n.*pdfmagic convert/);
  });
  test('--print opens nothing', async () => {
    const cli = stage.userOf('http://127.0.0.1:9', {}, { PATH: makePath('nothing') });
    expect(await cli.run('open', '--print')).toEqual({ code: 0, stdout: `${PAGE}\n`, stderr: '' });
  });
});
