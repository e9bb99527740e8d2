import http from 'node:http';
import { describe, expect, test } from 'vitest';
import { makeAlbum } from '../../cli/client/album';
import { Http } from '../../cli/client/http';
import type { Service } from '../../cli/client/service';
import { PDF, Stage, status } from './stage';

/** What a user asks of the PDFs: sent as asked, and refused before anything is sent when it cannot be. */
const stage = new Stage();

/** A service that makes PDFs, and what it was asked for; a user of it. */
async function listen(headers: http.OutgoingHttpHeaders = {}) {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? '');
    request.resume().on('end', () => void response.writeHead(200, headers).end(PDF));
  });
  return { cli: stage.userOf(`http://127.0.0.1:${await stage.listen(server)}`), asked };
}

describe('convert', () => {
  test('keeps the original, and gives the PDF the name of the file as a title, unless told otherwise', async () => {
    const { cli, asked } = await listen();
    await cli.run('convert', 'photo.jpg');
    const size = ['--page', '100x150mm', '--margin', '2.5'];
    await cli.run('convert', 'photo.jpg', '--force', '--quality', '80', ...size);
    await cli.run('convert', 'photo.jpg', '--force', '--quality', 'default');
    expect(asked).toEqual([
      '/convert/pdf?quality=original&name=photo.jpg',
      '/convert/pdf?quality=80&page=100x150mm&margin=2.5&name=photo.jpg',
      '/convert/pdf?name=photo.jpg',
    ]);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['a quality', ['--quality', '0'], /It must be original, default, or a whole number from 1 to 100\./],
    ['a page', ['--page', 'a5'], /It must be picture, a4, letter or WIDTHxHEIGHTmm, such as 100x150mm/],
    ['a page that is too large', ['--page', '100x9999mm'], /with sides from 1\.1 to 5080 mm/],
    ['a margin', ['--margin', '101'], /It must be a number of millimetres from 0 to 100\./],
    [
      'a margin without room',
      ['--page', '150x100mm', '--margin', '50'],
      /no room for the picture on a page whose shorter side is 100 mm/,
    ],
    ['a choice', ['--into', 'a.pdf', '--on-error', 'skip'], /Allowed choices are refuse, leave-out/],
    ['a choice about nothing', ['--on-error', 'refuse'], /--on-error works only with --into/],
    ['an album by a way that makes none', ['--into', 'a.pdf', '--via', 'v1'], /v1 cannot make one PDF of several/],
    ['an album that is no PDF', ['--into', 'album'], /'album' does not end in \.pdf/],
    ['an album and a folder', ['--into', 'a.pdf', '-o', 'out'], /cannot be used with/],
    ['stdin in an album', ['-', '--into', 'a.pdf'], /--into does not read stdin/],
    [
      'an album and JSON in one place',
      ['--into', '-', '--json'],
      /JSON and a PDF cannot both go to stdout.\nChoose a place for the PDF: --into FILE\.pdf\./,
    ],
  ])('refuses %s, with what is allowed, before anything is sent', async (_, options, words) => {
    const { cli, asked } = await listen();
    const { code, stdout, stderr } = await cli.run('convert', 'photo.jpg', ...options);
    expect(stderr).toMatch(words);
    expect([code, stdout, asked]).toEqual([2, '', []]);
  });

  test('says which photographs were encoded again, and why', async () => {
    const { cli } = await listen({ 'PDFMagic-Reencoded': 'arithmetic coding' });
    const one = await cli.run('convert', 'photo.jpg');
    expect(one.stdout).toMatch(/^\[1\/1\] photo\.jpg -> photo\.pdf \(v1, \d+ ms, encoded again\)\n$/);
    expect(one.stderr).toBe('photo.jpg: encoded again: arithmetic coding\n');
    cli.file('b.jpg');
    const two = await cli.run('convert', 'photo.jpg', 'b.jpg', '--force');
    expect(two.stderr).toMatch(
      /\n2 were encoded again because the original could not be embedded:\n {2}(photo\.jpg, b\.jpg|b\.jpg, photo\.jpg): arithmetic coding\n$/,
    );
    const quiet = await cli.run('convert', 'photo.jpg', '--force', '-q');
    expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('convert --into', () => {
  test('tells of a bucket that one may not write to, with what to do, and gives up the rest', async () => {
    const { cli, asked } = await stage.play(status(403, '{"error":{"code":403,"message":"ada has no access."}}'));
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) cli.file(name);
    const { code, stderr } = await cli.run('convert', 'a.jpg', 'b.jpg', 'c.jpg', '--into', 'x.pdf', '--parallel', '1');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^x\.pdf: FAILED: Bucket ada-in: a\.jpg cannot be uploaded: ada has no access\.\n/);
    expect(stderr).toContain('needs Storage Object User on the buckets of the stack');
    expect(stderr).not.toContain('could not be deleted');
    // The upload; and what may have arrived of it, and the PDF, are to be removed.
    expect(asked()).toBe(3);
    expect(cli.files()).not.toContain('x.pdf');
  });

  test('waits for a PDF that takes longer than OpenWhisk does', async () => {
    const url = await stage.listen(http.createServer((_, response) => void response.writeHead(202).end('{}')));
    let looks = 0;
    const service = {
      stack: { endpoints: { v1: `http://127.0.0.1:${url}/` } },
      http: new Http({ caCertificate: undefined, insecure: false }),
      inBucket: { name: 'in' },
      outBucket: { find: async () => (++looks < 2 ? undefined : { size: 7 }) },
    } as unknown as Service;
    const request = { names: ['a.jpg'], into: 'b.pdf', asked: {}, onError: 'refuse' } as const;
    const album = await makeAlbum(service, request, AbortSignal.timeout(30_000));
    expect([album.size, album.pages, looks]).toEqual([7, undefined, 2]);
  });

  test('knows the bad photograph by the field `name`, whatever quotes are in it', async () => {
    const [name, why] = [String.raw`cli/1/0/a'b": \c.jpg`, "'x': The JPEG is truncated."];
    const written = String.raw`'cli/1/0/a\'b": \\c.jpg'`;
    const answer = JSON.stringify({ error: `${written}: ${why}`, code: 'truncated-jpeg', name });
    const port = await stage.listen(http.createServer((_, response) => void response.writeHead(422).end(answer)));
    const service = {
      stack: { endpoints: { v1: `http://127.0.0.1:${port}/` } },
      http: new Http({ caCertificate: undefined, insecure: false }),
      inBucket: { name: 'in' },
    } as unknown as Service;
    const request = { names: [name], into: 'b.pdf', asked: {}, onError: 'refuse' } as const;
    const refusal = { photograph: name, message: why, code: 'truncated-jpeg' };
    await expect(makeAlbum(service, request, AbortSignal.timeout(30_000))).rejects.toMatchObject(refusal);
  });

  test('says which option chooses another place when a folder is in the way', async () => {
    const { cli, asked } = await listen();
    cli.file('photo.pdf/x', 'x');
    const album = await cli.run('convert', 'photo.jpg', '--into', 'photo.pdf');
    expect(album.stderr).toContain('photo.pdf is a folder.\nChoose another place: --into FILE.pdf.\n');
    const each = await cli.run('convert', 'photo.jpg');
    expect(each.stderr).toContain('photo.pdf is a folder.\nChoose another place: -o FOLDER.\n');
    expect([album.code, each.code, asked]).toEqual([1, 1, []]);
  });

  test('stops on Ctrl-C, and leaves no PDF', async () => {
    const { cli, asked } = await stage.play((response) => void response.writeHead(200));
    const { child, ended } = cli.start('convert', 'photo.jpg', '--into', 'x.pdf');
    await expect.poll(asked, { timeout: 30_000 }).toBeGreaterThan(0);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const { code } = await ended;
    expect(code).not.toBe(0);
    expect(cli.files()).toEqual(['outputs.json', 'photo.jpg']);
  });
});
