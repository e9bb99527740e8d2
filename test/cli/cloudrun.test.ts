import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Machine } from '../e2e/machine';
import { Cli } from './pdfmagic';

describe('pdfmagic on a stack on Cloud Run', () => {
  const machine = new Machine();
  let cli: Cli;
  beforeAll(async () => {
    await machine.startPlatform();
    const up = await machine.run('up', '--platform', 'cloudrun');
    expect(up.code, up.output).toBe(0);
    cli = new Cli(path.join(machine.folder, 'user'), ['--data', machine.dataDir]);
    cli.file('photo.jpg');
    cli.file('text.jpg', 'no photograph');
  });
  afterAll(() => machine.close());

  test.each(['v1', 'v2', 'v3'])('converts by %s, and tells the refusal', async (via) => {
    const { code, stdout, stderr } = await cli.run('convert', 'photo.jpg', 'text.jpg', '--via', via, '--force');
    expect(stdout).toContain(`photo.jpg -> photo.pdf (${via}, `);
    expect(stderr).toMatch(/text.jpg: This is not a JPEG.*\(not-a-jpeg\)/);
    expect(code).toBe(1);
  });
  test('accounts for every file; no dead letters are kept', async () => {
    const status = async () => JSON.parse((await cli.run('status', '--json')).stdout);
    // The events of the files that went by v2 may come after their answers.
    await vi.waitFor(async () => expect((await status()).waiting).toBe(0), { timeout: 60_000, interval: 200 });
    expect(await status()).toMatchObject({
      platform: 'cloudrun',
      converted: 2,
      refused: 2,
      deadLetters: null,
      waiting: 0,
    });
  });
  test('names its page, which is there', async () => {
    const { code, stdout } = await cli.run('open', '--print');
    expect(code).toBe(0);
    expect(await (await fetch(stdout.trim())).text()).toContain('<title>PDFMagic');
  });
  test.each([
    [['convert', 'photo.jpg', '--via', 'v0', '--force'], /Cloud Run has no v0/],
    [['logs'], /Cloud Run has no activations/],
  ])('%j says what Cloud Run has not', async ([command = '', ...args], words) => {
    const { code, stderr } = await cli.run(command, ...args);
    expect(stderr).toMatch(words);
    expect(code).toBe(1);
  });
});
