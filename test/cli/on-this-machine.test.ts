import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Storage } from '@google-cloud/storage';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { countPages } from '../../cli/demo/check-pdf';
import { Machine, type RunningPlatform } from '../e2e/machine';
import { countModules } from './modules';
import { Cli } from './pdfmagic';

/** The command on a stack of this machine, found by its data folder. */
const machine = new Machine();
let platform: RunningPlatform;
let cli: Cli;

beforeAll(async () => {
  platform = await machine.startPlatform();
  const up = await machine.run('up');
  expect(up.code, up.output).toBe(0);
});
afterAll(() => machine.close());
beforeEach(() => {
  cli = new Cli(path.join(machine.folder, 'user'), ['--data', machine.dataDir]);
});
afterEach(() => cli.close());

const pages = (name: string) => countPages(readFileSync(path.join(cli.folder, name)));

/** A JPEG larger than what v1 takes. */
function large(): Buffer {
  const command = ['-size', '2400x1800', 'plasma:tomato-steelblue', '-quality', '98', 'jpeg:-'];
  const jpeg = execFileSync('/usr/bin/convert', command, { maxBuffer: 64 << 20 });
  expect(jpeg.length).toBeGreaterThan(1 << 20);
  return jpeg;
}

describe('pdfmagic convert', () => {
  test('converts many files, names the bad ones, and fails when there is one', async () => {
    for (let number = 1; number <= 17; number++) cli.file(`photo ${number}.jpg`);
    cli.file('text.jpg', 'no photograph');
    cli.file('empty.jpg', '');
    cli.file('cut.jpg', readFileSync('examples/photo.jpg').subarray(0, 9000));
    const names = cli.files();
    const { code, stdout, stderr } = await cli.run('convert', ...names, '-o', 'out');
    expect(code).toBe(1);
    expect(cli.files('out')).toEqual(
      names
        .filter((name) => name.startsWith('photo'))
        .map((n) => n.replace('jpg', 'pdf'))
        .sort(),
    );
    expect(await pages('out/photo 9.pdf')).toBe(1);
    expect(
      stdout.split('\n').filter((line) => /^\[ ?\d+\/20\] photo \d+\.jpg -> out\/.*\(v1, \d+ ms\)$/.test(line)),
    ).toHaveLength(17);
    expect(stderr).toContain('17 of 20 converted');
    const summary = stderr.slice(stderr.indexOf('3 failed:'));
    for (const bad of [
      'text.jpg: This is not a JPEG',
      'empty.jpg: This is not a JPEG',
      'cut.jpg: The JPEG is truncated',
    ]) {
      expect(summary).toContain(bad);
    }
  });

  test.each(['v0', 'v1', 'v2', 'v3'])('goes by %s when told to, and tells its refusal', async (via) => {
    cli.file('photo.jpg');
    cli.file('text.jpg', 'no photograph');
    const { code, stdout, stderr } = await cli.run('convert', '--via', via, 'photo.jpg', 'text.jpg');
    expect(stdout).toMatch(new RegExp(`photo.jpg -> photo.pdf \\(${via}, `));
    expect(await pages('photo.pdf')).toBe(1);
    expect(stderr).toContain('text.jpg: This is not a JPEG: it begins with 6E 6F 20 70');
    expect(code).toBe(1);
    expect(cli.files()).toEqual(['photo.jpg', 'photo.pdf', 'text.jpg']);
  });

  test('takes large files by the bucket, unless told otherwise', async () => {
    cli.file('large.jpg', large());
    const { code, stdout } = await cli.run('convert', 'large.jpg', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ converted: 1, files: [{ pdf: 'large.pdf', via: 'v2' }] });
    expect(await pages('large.pdf')).toBe(1);
    for (const via of ['v0', 'v1']) {
      const refused = await cli.run('convert', 'large.jpg', '--via', via, '--force');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('Leave out --via');
    }
  });

  test('never replaces a file unless told to', async () => {
    cli.file('photo.jpg');
    cli.file('photo.pdf', 'mine');
    const refused = await cli.run('convert', 'photo.jpg');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/photo.pdf already exists.\n--force replaces it, --skip-existing leaves it/);
    expect(readFileSync(path.join(cli.folder, 'photo.pdf'), 'utf8')).toBe('mine');
    expect((await cli.run('convert', 'photo.jpg', '--force')).code).toBe(0);
    expect(await pages('photo.pdf')).toBe(1);
  });

  test('prints one JSON value with every file, in the order given', async () => {
    cli.file('b.jpg');
    const { code, stdout } = await cli.run('convert', 'nothing.jpg', 'b.jpg', '.', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      ...{ total: 3, converted: 1, failed: 2, left: 0 },
      files: [
        { file: 'nothing.jpg', milliseconds: expect.any(Number), error: 'There is no such file.' },
        {
          ...{ file: 'b.jpg', pdf: 'b.pdf', via: 'v1', milliseconds: expect.any(Number) },
          activation: expect.stringMatching(/^[0-9a-f]{32}$/),
        },
        {
          file: '.',
          milliseconds: expect.any(Number),
          error: 'This is a folder.',
          hint: '-r converts the JPEGs in it.',
        },
      ],
    });
  });

  test('takes any name that a file may have', async () => {
    const names = [
      '-dash.jpg',
      'ümläut 📷.jpg',
      "quote's $(x) `y`.jpg",
      'a%2Fb&c=d.jpg',
      `${'long-'.repeat(40)}.jpg`,
      'line\nbreak.jpg',
    ];
    for (const name of names) cli.file(name);
    for (const via of ['v1', 'v2']) {
      const { code, stderr } = await cli.run(
        'convert',
        '--force',
        '--via',
        via,
        '-o',
        via,
        ...names.map((n) => `./${n}`),
      );
      expect(code, stderr).toBe(0);
      expect(cli.files(via)).toEqual(names.map((name) => name.replace(/\.jpg$/, '.pdf')).sort());
    }
  });

  test('leaves nothing half when it is interrupted', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `${index}.jpg`);
    for (const name of names) cli.file(name);
    const { child, ended, stdout } = cli.start('convert', ...names, '-o', 'out', '--parallel', '1');
    await vi.waitFor(() => expect(stdout()).toContain('->'), { timeout: 30_000, interval: 5 });
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/Stopped; \d+ files were not converted/);
    const made = cli.files('out');
    expect(made.length).toBeLessThan(40);
    for (const name of made) expect(await pages(`out/${name}`)).toBe(1);
  });
});

describe('pdfmagic status', () => {
  test('counts what became of each file that arrived, with the reason of each refusal', async () => {
    const storage = new Storage({ apiEndpoint: platform.file.storageEndpoint, projectId: 'test' });
    const put = (name: string, bytes: Buffer) =>
      storage.bucket('demo-convert-in').file(name).save(bytes, { resumable: false, contentType: 'image/jpeg' });
    const before = JSON.parse((await cli.run('status', '--json')).stdout);
    await put('status/good.jpg', readFileSync('examples/photo.jpg'));
    await put('status/bad.jpg', Buffer.from('no photograph'));
    let after: typeof before;
    await vi.waitFor(
      async () => {
        after = JSON.parse((await cli.run('status', '--json')).stdout);
        expect(after.waiting).toBe(0);
        expect(after.converted + after.refused).toBe(before.converted + before.refused + 2);
      },
      { timeout: 60_000, interval: 100 },
    );
    expect(after).toMatchObject({ student: 'demo', converted: before.converted + 1, deadLetters: 0 });
    expect(after.files).toContainEqual(
      expect.objectContaining({ name: 'status/bad.jpg', fate: 'refused', code: 'not-a-jpeg' }),
    );
    const { stdout } = await cli.run('status');
    expect(stdout).toMatch(/converted +\d+\n +refused +\d+\n +dead letters +0\n +waiting +0\n/);
    expect(stdout).toContain('status/bad.jpg: This is not a JPEG: it begins with 6E 6F 20 70');
  });
});

describe('pdfmagic logs', () => {
  test('prints the latest activations, the oldest first, with what they logged', async () => {
    cli.file('text.jpg', 'no photograph');
    await cli.run('convert', '--via', 'v0', 'text.jpg');
    // Events of other tests' files may come in between.
    const latest = JSON.parse((await cli.run('logs', '--limit', '50', '--json')).stdout) as Record<string, unknown>[];
    expect(latest.map(({ start }) => start)).toEqual(latest.map(({ start }) => start).sort());
    const v0 = latest.filter(({ name }) => name === 'v0').at(-1);
    expect(v0).toMatchObject({ success: false, error: expect.stringContaining('not a JPEG') });
    const { code, stdout } = await cli.run('logs', '--limit', '50');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    const at = lines.findIndex((line) => line.endsWith(`  ${v0?.activationId}`));
    expect(lines[at]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}v0 {2}\d+ ms (cold|warm) {2}FAILED: application error {2}[0-9a-f]{32}$/,
    );
    expect(lines[at + 1]).toContain('This is not a JPEG');
  });

  test('--follow goes on with those that come, once each, until it is interrupted', async () => {
    const { child, ended, stdout } = cli.start('logs', '--follow', '--json', '--limit', '1');
    const ids = () =>
      stdout()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).activationId as string);
    await vi.waitFor(() => expect(stdout()).not.toBe(''), { timeout: 30_000 });
    cli.file('photo.jpg');
    const made = JSON.parse((await cli.run('convert', 'photo.jpg', '--json', '--force')).stdout);
    await vi.waitFor(() => expect(ids()).toContain(made.files[0].activation), { timeout: 30_000 });
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(new Set(ids()).size).toBe(ids().length);
  });
});

describe('pdfmagic open', () => {
  test('prints the address of the page, which answers', async () => {
    const { code, stdout } = await cli.run('open', '--print');
    expect(code).toBe(0);
    const page = await fetch(stdout.trim());
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(JSON.parse((await cli.run('open', '--json')).stdout)).toEqual({ page: stdout.trim() });
  });
});

describe('the stack', () => {
  test('may be named by a file with its outputs, the key by a .wskprops that is for just this API host', async () => {
    const outputs = await machine.run('outputs', '--json');
    const file = path.join(machine.folder, 'outputs.json');
    writeFileSync(file, outputs.output);
    const elsewhere = new Cli(path.join(machine.folder, 'user'), ['--outputs', file]);
    elsewhere.file('photo.jpg');
    expect((await elsewhere.run('convert', 'photo.jpg')).code).toBe(0);
    const keyless = await elsewhere.run('logs');
    expect(keyless.code).toBe(1);
    expect(keyless.stderr).toMatch(/No key for .* was found.\nSet OPENWHISK_AUTH/);
    const { apihost } = platform.file;
    elsewhere.file('.wskprops', `APIHOST=https://openwhisk.example\nAUTH=${platform.auth}\n`);
    expect((await elsewhere.run('logs')).code).toBe(1);
    elsewhere.file('.wskprops', `APIHOST=${apihost}/\nAUTH=${platform.auth}\n`);
    expect((await elsewhere.run('logs')).code).toBe(0);
    rmSync(file);
  });

  test('that is not there is told, with what to do', async () => {
    const none = new Cli(path.join(machine.folder, 'user'), ['--data', path.join(machine.folder, 'nothing')]);
    none.file('photo.jpg');
    const { code, stderr } = await none.run('convert', 'photo.jpg');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: Nothing is deployed on the local platform of .*\n.*npm start/);
    expect(statSync(path.join(none.folder, 'photo.jpg')).size).toBeGreaterThan(0);
  });
});

/** What is loaded now, and a tenth more: whoever goes beyond that loads something that the command does not need. */
describe('a command loads no more modules than it needs', () => {
  test.each([
    ['outputs', { 'pdfmagic.mjs': 93 }],
    ['status', { 'pdfmagic.mjs': 99 }],
    ['logs', { 'pdfmagic.mjs': 97 }],
    ['up', { 'pdfmagic.mjs': 96, 'worker.ts': 327 }],
  ])('%s', async (command, most) => {
    const counted = await countModules(machine.folder, command, '--data', machine.dataDir);
    expect(Object.keys(counted).sort()).toEqual(Object.keys(most));
    for (const [program, bound] of Object.entries(most)) expect(counted[program], program).toBeLessThanOrEqual(bound);
  });
});
