import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Storage } from '@google-cloud/storage';
import { getDocumentProxy } from 'unpdf';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TRUNCATED } from '../actions/jpegs';
import { Machine, type RunningPlatform } from '../e2e/machine';
import { Cli } from './pdfmagic';

/** What the PDFs are like, and one PDF of many, with the buckets and the actions of this machine. */
const machine = new Machine();
let platform: RunningPlatform;
let cli: Cli;

beforeAll(async () => {
  platform = await machine.startPlatform();
  const up = await machine.run('up');
  expect(up.code, up.output).toBe(0);
});
afterAll(() => machine.close());
/** What was in the buckets before the test: single photographs stay there. */
let before: readonly string[];
beforeEach(async () => {
  before = await list();
  cli = new Cli(path.join(machine.folder, 'user'), ['--data', machine.dataDir]);
});
afterEach(() => cli.close());

/** A picture of that many pixels, which tell the pages apart. */
const picture = (width: number, height: number) =>
  execFileSync('/usr/bin/convert', ['-size', `${width}x${height}`, 'plasma:', '-density', '72', 'jpeg:-']);

/** Width and height of each page, in points. */
async function sizesOf(pdf: string | Buffer): Promise<(readonly [number, number])[]> {
  const bytes = typeof pdf === 'string' ? readFileSync(path.join(cli.folder, pdf)) : pdf;
  const document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
  const numbers = Array.from({ length: document.numPages }, (_, at) => at + 1);
  return Promise.all(
    numbers.map(async (number) => {
      const { width, height } = (await document.getPage(number)).getViewport({ scale: 1 });
      return [Math.round(width), Math.round(height)] as const;
    }),
  );
}

/** Names of what the test left in the buckets. */
const left = async () => (await list()).filter((name) => !before.includes(name));

/** Names of what is in the buckets below the folder of the command. */
async function list(): Promise<string[]> {
  const storage = new Storage({ apiEndpoint: platform.file.storageEndpoint, projectId: 'test' });
  const both = ['demo-convert-in', 'demo-convert-out'].map((name) => storage.bucket(name).getFiles({ prefix: 'cli/' }));
  return (await Promise.all(both)).flatMap(([files]) => files.map(({ name }) => name));
}

describe('pdfmagic convert', () => {
  test.each(['v0', 'v1', 'v2', 'v3'])('keeps the original, on a page of a size, by %s', async (via) => {
    cli.file('wide.jpg', picture(400, 100));
    const page = ['--page', '100x150mm', '--margin', '10'];
    const { code, stderr } = await cli.run('convert', 'wide.jpg', '--via', via, ...page);
    expect(code, stderr).toBe(0);
    expect(await sizesOf('wide.pdf')).toEqual([[425, 283]]);
    const data = readFileSync(path.join(cli.folder, 'wide.jpg'));
    const image = data.subarray(data.indexOf(Buffer.from('ffda', 'hex')));
    expect(readFileSync(path.join(cli.folder, 'wide.pdf')).includes(image)).toBe(true);
    await cli.run('convert', 'wide.jpg', '--via', via, '--quality', '50', '--force');
    expect(readFileSync(path.join(cli.folder, 'wide.pdf')).includes(image)).toBe(false);
  });

  test.each(['v0', 'v1', 'v2', 'v3'])('says by %s that a photograph was encoded again, and why', async (via) => {
    cli.file('a.jpg', readFileSync('examples/photo.jpg').subarray(0, -2));
    const { code, stdout } = await cli.run('convert', 'a.jpg', '--via', via, '--json');
    expect(JSON.parse(stdout).files).toMatchObject([{ file: 'a.jpg', via, reencoded: 'no end marker' }]);
    expect(code).toBe(0);
  });
});

describe('pdfmagic convert --into', () => {
  test('makes one PDF in the order given, with a file that is given twice there twice, and leaves nothing in the buckets', async () => {
    cli.file('wide.jpg', picture(400, 100));
    cli.file('high.jpg', picture(100, 400));
    const { code, stdout, stderr } = await cli.run(
      'convert',
      'wide.jpg',
      'high.jpg',
      'wide.jpg',
      '--into',
      'album.pdf',
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^3 photographs -> album\.pdf \(v2, \d+ ms\)\n$/);
    const shapes = (await sizesOf('album.pdf')).map(([width, height]) => (width > height ? 'wide' : 'high'));
    expect(shapes).toEqual(['wide', 'high', 'wide']);
    expect(await left()).toEqual([]);
    expect(JSON.parse((await cli.run('status', '--json')).stdout)).toMatchObject({ waiting: 0 });
  });

  test('on a page of a size', async () => {
    cli.file('wide.jpg', picture(400, 100));
    cli.file('high.jpg', picture(100, 400));
    const { code, stderr } = await cli.run(
      ...(['convert', 'wide.jpg', 'high.jpg', '--into', 'a.pdf', '--page', 'a4', '--margin', '10'] as const),
    );
    expect(code, stderr).toBe(0);
    expect(await sizesOf('a.pdf')).toEqual([
      [842, 595],
      [595, 842],
    ]);
  });

  test('refuses a bad one among them by its name, and makes nothing', async () => {
    for (const name of ['a.jpg', 'c.jpg']) cli.file(name);
    cli.file("it's half.jpg", TRUNCATED);
    const { code, stdout, stderr } = await cli.run('convert', 'a.jpg', "it's half.jpg", 'c.jpg', '--into', 'album.pdf');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^1 failed:\n {2}it's half\.jpg: The JPEG is truncated.*\(truncated-jpeg\)\n/);
    expect(stderr).toMatch(/\nalbum\.pdf was not made\.\nTo make it from the others, add --on-error leave-out\.\n$/);
    expect(cli.files()).not.toContain('album.pdf');
    expect(await left()).toEqual([]);
  });

  test('leaves a bad one out when told to, names it, and exits 1', async () => {
    for (const name of ['a.jpg', 'c.jpg']) cli.file(name);
    cli.file('half.jpg', TRUNCATED);
    const line = ['a.jpg', 'half.jpg', 'nothing.jpg', 'c.jpg', '--into', 'album.pdf', '--on-error', 'leave-out'];
    const { code, stdout } = await cli.run('convert', ...line, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ total: 4, converted: 2, failed: 2, left: 0 },
      album: { pdf: 'album.pdf', pages: 2, via: 'v2', activation: expect.stringMatching(/^[0-9a-f]{32}$/) },
      files: [
        { file: 'a.jpg' },
        { file: 'half.jpg', code: 'truncated-jpeg' },
        { file: 'nothing.jpg', error: 'There is no such file.' },
        { file: 'c.jpg' },
      ],
    });
    expect(await sizesOf('album.pdf')).toHaveLength(2);
    const again = await cli.run('convert', ...line, '--force');
    expect(again.stdout).toMatch(/^2 photographs -> album.pdf/);
    expect(again.stderr).toMatch(/^2 left out:\n {2}nothing\.jpg: There is no such file\.\n {2}half\.jpg: The JPEG/);
  });

  test('never replaces a file unless told to, and can leave it', async () => {
    cli.file('a.jpg');
    cli.file('album.pdf', 'mine');
    const refused = await cli.run('convert', 'a.jpg', '--into', 'album.pdf');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/album\.pdf already exists\.\n--force replaces it, --skip-existing leaves it\.\n/);
    const skipped = await cli.run('convert', 'a.jpg', '--into', 'album.pdf', '--skip-existing');
    expect(skipped).toEqual({ code: 0, stdout: '', stderr: 'album.pdf is already there.\n' });
    expect(readFileSync(path.join(cli.folder, 'album.pdf'), 'utf8')).toBe('mine');
    expect((await cli.run('convert', 'a.jpg', '--into', 'album.pdf', '--force')).code).toBe(0);
    expect(await sizesOf('album.pdf')).toHaveLength(1);
  });

  test('goes to stdout, and takes folders with their files as cameras number them', async () => {
    cli.file('photos/IMG_10.jpg', picture(100, 400));
    cli.file('photos/IMG_9.jpg', picture(400, 100));
    const { code, stdout, stderr } = await cli.pipe(Buffer.of(), 'convert', '-r', 'photos', '--into', '-');
    expect([code, stderr]).toEqual([0, '']);
    const shapes = (await sizesOf(stdout)).map(([width, height]) => (width > height ? 'wide' : 'high'));
    expect(shapes).toEqual(['wide', 'high']);
  });

  test('takes 200 photographs', async () => {
    const names = Array.from({ length: 200 }, (_, number) => `${number}.jpg`);
    for (const name of names) cli.file(name);
    const { code, stdout, stderr } = await cli.run('convert', ...names, '--into', 'album.pdf', '--json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ total: 200, converted: 200, album: { pages: 200 } });
    expect(await left()).toEqual([]);
  });
});
