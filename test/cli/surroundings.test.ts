import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { WAY_NAMES } from '../../contract/ways';
import { terminalNeeds } from '../terminal';
import { Cli } from './pdfmagic';
import { pdf, Stage } from './stage';

/** The command among whatever a user's machine has: files, an environment, options that are none. */
const stage = new Stage();

describe('files of the user', () => {
  test('are never taken for the command’s own, however long or alike the names are', async () => {
    const { cli } = await stage.play(pdf);
    const names = [`${'漢'.repeat(82)}.jpg`, `a${'e'.repeat(200)}.jpg`, `b${'e'.repeat(200)}.jpg`];
    for (const name of names) cli.file(name);
    cli.file('.photo.pdf.part', 'precious');
    const { code, stderr } = await cli.run('convert', ...names, 'photo.jpg', '--parallel', '4');
    expect(code, stderr).toBe(0);
    for (const name of names) expect(cli.files()).toContain(name.replace('.jpg', '.pdf'));
    expect(cli.files().filter((name) => name.endsWith('.part'))).toEqual(['.photo.pdf.part']);
  });
  test('that cannot become a PDF do not keep the others', async () => {
    const { cli } = await stage.play(pdf);
    cli.file('folder.pdf/x', 'x');
    cli.file('folder.jpg');
    const { code, stderr } = await cli.run('convert', '', '/', 'folder.jpg', 'photo.jpg', '--force');
    expect(code).toBe(1);
    expect(stderr).toMatch(/1 of 4 converted.*folder.pdf is a folder/s);
  });
});

describe('an environment in the way', () => {
  test('a proxy is not asked for what is on this machine', async () => {
    const { cli } = await stage.play(pdf);
    const proxied = new Cli(cli.folder, ['--outputs', 'outputs.json'], { HTTP_PROXY: 'http://127.0.0.1:9' });
    const { code, stderr } = await proxied.run('convert', 'photo.jpg');
    expect(code, stderr).toBe(0);
    const junk = new Cli(cli.folder, ['--outputs', 'outputs.json'], { HTTP_PROXY: 'junk' });
    expect(await junk.run('convert', 'photo.jpg')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('HTTP_PROXY'),
    });
  });
  test('a reader that has seen enough does not stop conversions', async () => {
    const { cli } = await stage.play(pdf);
    const names = Array.from({ length: 12 }, (_, index) => `${index}.jpg`);
    for (const name of names) cli.file(name);
    const { child, ended } = cli.start('convert', ...names, '-o', 'out', '--parallel', '1');
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect((await ended).code).toBe(0);
    expect(cli.files('out')).toHaveLength(12);
  });
  test.runIf(terminalNeeds.isMet)(`colors are never used, so NO_COLOR is kept${terminalNeeds.words}`, async () => {
    const { cli } = await stage.play(pdf);
    const line = ['convert', 'photo.jpg', 'nothing.jpg', '--force', '--outputs', 'outputs.json'];
    for (const env of [{ NO_COLOR: '1' }, { NO_COLOR: '1', TERM: 'dumb' }, { FORCE_COLOR: '1' }]) {
      for (const args of [line, ['--help'], ['convert', '--fast']]) {
        const { screen } = await cli.onTerminal(args, env);
        expect(screen).toMatch(/nothing.jpg|Usage|error/);
        expect(
          screen
            .split('\u001b[')
            .slice(1)
            .filter((after) => /^[\d;]*m/.test(after)),
        ).toEqual([]);
        if ('TERM' in env) expect(screen).not.toContain('\u001b');
      }
    }
  });
  test('a signal ends every command at once, whatever it waits for', async () => {
    const { cli, asked } = await stage.play(() => undefined);
    for (const [line, name, code] of [
      ['convert --via v2 photo.jpg', 'SIGINT', 130],
      ['status', 'SIGTERM', 143],
    ] as const) {
      const before = asked();
      const user = new Cli(cli.folder, ['--outputs', 'outputs.json'], { OPENWHISK_AUTH: 'uuid:key' });
      const [command = '', ...args] = line.split(' ');
      const { child, ended } = user.start(command, ...args);
      await vi.waitFor(() => expect(asked()).toBeGreaterThan(before), { timeout: 30_000 });
      const begin = Date.now();
      child.kill(name);
      expect((await ended).code).toBe(code);
      expect(Date.now() - begin).toBeLessThan(5000);
    }
  });
});

describe('before anything is begun', () => {
  const cli = () => stage.userOf('http://127.0.0.1:9', {}, { PATH: path.join(stage.folder, 'nothing') });
  test.each<[string, readonly string[], RegExp]>([
    ['no file', ['convert'], /missing required argument/],
    ['an unknown option', ['convert', 'photo.jpg', '--fast'], /unknown option/],
    [
      'a way that is none',
      ['convert', 'photo.jpg', '--via', 'v9'],
      RegExp(`Allowed choices are ${WAY_NAMES.join(', ')}`),
    ],
    ['nothing at a time', ['convert', 'photo.jpg', '--parallel', '0'], /a number from 1 to 64/],
    ['a stack without a name', ['status', '--data='], /--data names nothing|each name a stack/],
    ['two stacks', ['status', '--stack', 'ada'], /--stack and --outputs each name a stack|--outputs and --stack/],
  ])('%s is refused with exit code 2', async (_, [command = '', ...args], words) => {
    const { code, stderr } = await cli().run(command, ...args);
    expect(stderr).toMatch(words);
    expect(code).toBe(2);
  });

  test('outputs that are none are refused, with where they come from', async () => {
    const user = cli();
    const javascript = readFileSync(path.join(user.folder, 'outputs.json'), 'utf8').replace(
      /"page":"[^"]*"/,
      '"page":"javascript:x"',
    );
    for (const text of ['', '[]', '{"page": "x"}', '{"student": 1}', javascript]) {
      user.file('outputs.json', text);
      const { code, stderr } = await user.run('status');
      expect(stderr).toMatch(/outputs.json .*\n/);
      expect(code).toBe(2);
    }
  });

  test('a stack of Pulumi’s without Pulumi is told, with what to do', async () => {
    const user = new Cli(path.join(stage.folder, 'user'), ['--stack', 'ada'], {
      PATH: path.join(stage.folder, 'nothing'),
    });
    const { code, stderr } = await user.run('open');
    expect(code).toBe(2);
    expect(stderr).toMatch(/no `pulumi` on the PATH.\n.*--outputs outputs.json/);
  });
});
