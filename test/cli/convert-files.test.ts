import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { onPath, unless } from '../e2e/on-path';
import { terminalNeeds } from '../terminal';
import { Cli } from './pdfmagic';
import { PDF, pdf, Stage, status } from './stage';

/** What a user of a command for files expects: folders, pipes, a rerun, silence. */
const stage = new Stage();
const JPEG = readFileSync('examples/photo.jpg');
const isRoot = process.getuid?.() === 0;
const USER = isRoot ? 61_999 : (process.getuid?.() ?? 0);
const becoming = isRoot ? ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--'] : [];
/** Whether there is an ordinary user who can read this checkout. */
const canBecome =
  !isRoot || onPath('setpriv', ...becoming.slice(1), process.execPath, '-e', `fs.readFileSync('${__filename}')`);

describe('convert -r', () => {
  test('converts the JPEGs in folders, and keeps the folders below', async () => {
    const { cli, asked } = await stage.play(pdf);
    for (const name of ['a.jpg', 'b/C.JPEG', 'b/d e/f.jpg']) cli.file(`photos/${name}`);
    for (const name of ['text.txt', '.hidden.jpg', '.git/x.jpg']) cli.file(`photos/${name}`);
    // Neither a circle nor what is a folder by a link.
    symlinkSync('..', path.join(cli.folder, 'photos/b/round.jpg'));
    symlinkSync('../photo.jpg', path.join(cli.folder, 'photos/linked.jpg'));
    const { code, stdout, stderr } = await cli.run('convert', '-r', 'photos', 'photo.jpg', '-o', 'out');
    expect(code, stderr).toBe(0);
    expect(asked()).toBe(5);
    expect(cli.files('out')).toEqual(['a.pdf', 'b', 'linked.pdf', 'photo.pdf']);
    expect(cli.files('out/b')).toEqual(['C.pdf', 'd e']);
    expect(cli.files('out/b/d e')).toEqual(['f.pdf']);
    expect(stdout).toContain('photos/b/C.JPEG -> out/b/C.pdf');
  });
  test('without -o writes each PDF beside its JPEG', async () => {
    const { cli } = await stage.play(pdf);
    cli.file('photos/b/c.jpg');
    expect((await cli.run('convert', '-r', '.')).code).toBe(0);
    expect(cli.files()).toContain('photo.pdf');
    expect(cli.files('photos/b')).toEqual(['c.jpg', 'c.pdf']);
  });
  test('tells of a folder without JPEGs, of a link to nothing, and converts the rest', async () => {
    const { cli } = await stage.play(pdf);
    mkdirSync(path.join(cli.folder, 'empty'));
    cli.file('photos/a.jpg');
    symlinkSync('nothing', path.join(cli.folder, 'photos/b.jpg'));
    const { code, stderr } = await cli.run('convert', '-r', 'empty', 'photos');
    expect(code).toBe(1);
    expect(stderr).toMatch(/1 of 3 converted/);
    expect(stderr).toContain('empty: There is no JPEG in this folder.');
    expect(stderr).toContain('photos/b.jpg: There is no such file.');
  });
  test.skipIf(!canBecome)(
    `tells an ordinary user of a folder that cannot be read${unless(canBecome, 'setpriv')}`,
    async () => {
      const { cli } = await stage.play(pdf);
      cli.file('photos/a.jpg');
      cli.file('photos/closed/b.jpg');
      // Root can read everything, so it becomes somebody else.
      execFileSync('chown', ['-R', `${USER}`, stage.folder]);
      chmodSync(path.join(cli.folder, 'photos/closed'), 0);
      const { code, stderr } = await new Cli(cli.folder, ['--outputs', 'outputs.json'], {}, becoming).run(
        'convert',
        '-r',
        'photos',
      );
      chmodSync(path.join(cli.folder, 'photos/closed'), 0o700);
      expect(stderr).toMatch(/photos\/closed: This folder cannot be read: EACCES/);
      expect(stderr).toMatch(/1 of 2 converted/);
      expect(code).toBe(1);
    },
  );
  test('refuses two that would become one PDF, before anything is sent', async () => {
    const { cli, asked } = await stage.play(pdf);
    for (const name of ['one/x.jpg', 'two/x.jpg']) cli.file(name);
    const { code, stderr } = await cli.run('convert', '-r', 'one', 'two', '-o', 'out');
    expect([code, asked()]).toEqual([2, 0]);
    expect(stderr).toContain('one/x.jpg and two/x.jpg would both become out/x.pdf');
  });
  test('is what a folder needs, and the message says so', async () => {
    const { cli } = await stage.play(pdf);
    cli.file('photos/a.jpg');
    const { code, stderr } = await cli.run('convert', 'photos');
    expect(code).toBe(1);
    expect(stderr).toMatch(/photos: FAILED: This is a folder.\n-r converts the JPEGs in it./);
  });
});

describe('convert -', () => {
  test('is a filter: stdin to stdout, and not a word', async () => {
    const { cli } = await stage.play(pdf);
    expect(await cli.pipe(JPEG, 'convert', '-')).toEqual({ code: 0, stdout: PDF, stderr: '' });
    expect(cli.files()).toEqual(['outputs.json', 'photo.jpg']);
  });
  test('sends just what came from stdin, and leaves no copy', async () => {
    const sent: Buffer[] = [];
    const server = http.createServer((request, response) => {
      request.on('data', (chunk: Buffer) => sent.push(chunk)).on('end', () => pdf(response));
    });
    const { folder } = stage.userOf(`http://127.0.0.1:${await stage.listen(server)}`);
    const temporary = path.join(stage.folder, 'tmp');
    mkdirSync(temporary, { recursive: true });
    const cli = new Cli(folder, ['--outputs', 'outputs.json'], { TMPDIR: temporary });
    expect((await cli.pipe(JPEG, 'convert', '-')).code).toBe(0);
    expect(Buffer.concat(sent).equals(JPEG)).toBe(true);
    expect(readdirSync(temporary).filter((name) => name.startsWith('pdfmagic-'))).toEqual([]);
  });
  test('goes to a folder when one is named, beside files', async () => {
    const { cli } = await stage.play(pdf);
    const { code, stderr } = await cli.pipe(JPEG, 'convert', '-', 'photo.jpg', '-o', 'out');
    expect(code, stderr).toBe(0);
    expect(cli.files('out')).toEqual(['photo.pdf', 'stdin.pdf']);
  });
  test('as -o sends a file to stdout', async () => {
    const { cli } = await stage.play(pdf);
    expect(await cli.pipe(Buffer.of(), 'convert', 'photo.jpg', '-o', '-')).toEqual({
      code: 0,
      stdout: PDF,
      stderr: '',
    });
  });
  test('prints nothing but the reason when it fails', async () => {
    const { cli } = await stage.play(status(422, '{"error":"No photograph.","code":"not-a-jpeg"}'));
    const { code, stdout, stderr } = await cli.pipe(Buffer.from('text'), 'convert', '-');
    expect([code, stdout.length]).toEqual([1, 0]);
    expect(stderr).toBe('-: FAILED: No photograph. (not-a-jpeg)\n');
    const empty = await cli.pipe(Buffer.of(), 'convert', '-');
    expect(empty.stderr).toContain('the file is empty');
  });
  test.each<[string, readonly string[], RegExp]>([
    ['two files to stdout', ['-', 'photo.jpg'], /Only one PDF can go to stdout/],
    ['JSON beside a PDF', ['-', '--json'], /JSON and a PDF cannot both/],
    ['both to replace and to leave', ['photo.jpg', '--force', '--skip-existing'], /cannot be used with/],
  ])('refuses %s', async (_, args, words) => {
    const { cli, asked } = await stage.play(pdf);
    const { code, stderr } = await cli.pipe(JPEG, 'convert', ...args);
    expect(stderr).toMatch(words);
    expect([code, asked()]).toEqual([2, 0]);
  });
  test('refuses the outputs from the same stdin', async () => {
    const { cli } = await stage.play(pdf);
    const { code, stderr } = await new Cli(cli.folder).pipe(JPEG, 'convert', '-', '--outputs', '-');
    expect(code).toBe(2);
    expect(stderr).toContain('stdin cannot be both');
  });
  test.runIf(terminalNeeds.isMet)(`puts no PDF on a terminal${terminalNeeds.words}`, async () => {
    const { cli, asked } = await stage.play(pdf);
    const { code, screen } = await cli.onTerminal(['convert', '-', '--outputs', 'outputs.json']);
    expect(screen).toContain('A terminal cannot show a PDF.');
    expect([code, asked()]).toEqual([2, 0]);
  });
});

describe('a rerun with --skip-existing', () => {
  test('converts the rest, and succeeds', async () => {
    const { cli, asked } = await stage.play(pdf);
    for (const name of ['a.jpg', 'b.jpg']) cli.file(name);
    cli.file('a.pdf', 'mine');
    const { code, stdout, stderr } = await cli.run('convert', 'a.jpg', 'b.jpg', '--skip-existing');
    expect([code, asked()]).toEqual([0, 1]);
    expect(stderr).toMatch(/^1 of 2 converted in [\d.]+ s, 1 already there.\n$/);
    expect(stdout).not.toContain('a.jpg');
    expect(readFileSync(path.join(cli.folder, 'a.pdf'), 'utf8')).toBe('mine');
    const again = await cli.run('convert', 'a.jpg', 'b.jpg', '--skip-existing', '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ converted: 0, skipped: 2, failed: 0, left: 0 });
  });
  test('is what Ctrl-C proposes', async () => {
    const { cli, asked } = await stage.play(pdf, () => undefined);
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) cli.file(name);
    const { child, ended } = cli.start('convert', 'a.jpg', 'b.jpg', 'c.jpg', '--parallel', '1');
    await vi.waitFor(() => expect(asked()).toBe(2), { timeout: 30_000 });
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/Stopped; 2 files were not converted.\nRun it again with --skip-existing/);
    expect(cli.files().filter((name) => name.endsWith('.pdf'))).toEqual(['a.pdf']);
  });
  test('a folder of that name is not the PDF', async () => {
    const { cli } = await stage.play(pdf);
    cli.file('photo.pdf/x', 'x');
    const { code, stderr } = await cli.run('convert', 'photo.jpg', '--skip-existing');
    expect(code).toBe(1);
    expect(stderr).toContain('photo.pdf is a folder');
  });
});

describe('what is said', () => {
  test('--quiet says nothing of what succeeds', async () => {
    const { cli } = await stage.play(pdf);
    cli.file('a.jpg');
    expect(await cli.run('convert', 'a.jpg', 'photo.jpg', '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
    const bad = await cli.run('convert', 'nothing.jpg', 'photo.jpg', '-q', '--force');
    expect(bad).toEqual({ code: 1, stdout: '', stderr: '1 failed:\n  nothing.jpg: There is no such file.\n' });
  });
  test('a failure is told once', async () => {
    const { cli } = await stage.play(pdf);
    const { stdout, stderr } = await cli.run('convert', 'nothing.jpg', 'photo.jpg');
    expect(`${stdout}${stderr}`.split('nothing.jpg')).toHaveLength(2);
    const alone = await cli.run('convert', 'nothing.jpg');
    expect(alone).toEqual({ code: 1, stdout: '', stderr: 'nothing.jpg: FAILED: There is no such file.\n' });
  });
  test.runIf(terminalNeeds.isMet)(`after one file no rate is told${terminalNeeds.words}`, async () => {
    const slow = (response: http.ServerResponse) => void setTimeout(() => pdf(response), 100);
    const { cli } = await stage.play(slow);
    const names = ['a.jpg', 'b.jpg', 'c.jpg'];
    for (const name of names) cli.file(name);
    const line = ['convert', ...names, '--parallel', '1', '--outputs', 'outputs.json'];
    const { code, screen } = await cli.onTerminal(line);
    expect(code, screen).toBe(0);
    expect(screen).toMatch(/\[#+\.+\] 1 of 3\D*?\r/);
    expect(screen).toMatch(/2 of 3, [\d.]+ a second/);
    expect(screen).not.toContain('0 failed');
  });
});
