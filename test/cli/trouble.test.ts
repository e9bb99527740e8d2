import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { selfSigned } from '../cluster-waits/self-signed';
import { PDF, pdf, Stage, status } from './stage';

/** The command against a service that is in trouble, or not to be trusted. */
const stage = new Stage();

describe('what passes by itself is tried again', () => {
  test('a limit that is reached, and a gateway with nothing behind it', async () => {
    const { cli, asked } = await stage.play(
      status(429, '{"error":"Too many requests"}', { 'retry-after': '1' }),
      status(503, '<html>'),
      status(502, '{"error":"nothing behind","code":"d2b41035322f76592d36df7f3792460b"}'),
      pdf,
    );
    const begin = Date.now();
    const { code, stderr } = await cli.run('convert', 'photo.jpg');
    expect(code, stderr).toBe(0);
    expect(asked()).toBe(4);
    expect(Date.now() - begin).toBeGreaterThan(750);
    expect(readFileSync(path.join(cli.folder, 'photo.pdf'))).toEqual(PDF);
  });
  test('a service that was there a moment ago', async () => {
    const { cli } = await stage.play(pdf, (response) => void response.destroy(), pdf);
    cli.file('other.jpg');
    const { code, stderr } = await cli.run('convert', '--parallel', '1', '--force', 'photo.jpg', 'other.jpg');
    expect(code, stderr).toBe(0);
  });
  test('but not what the service itself says', async () => {
    const { cli, asked } = await stage.play(status(502, '{"error":"It failed.","code":"converter-failed"}'), pdf);
    const { code, stderr } = await cli.run('convert', 'photo.jpg');
    expect([code, asked()]).toEqual([1, 1]);
    expect(stderr).toContain('It failed. (converter-failed)');
  });
});

describe('a service in trouble is told in words, and leaves no file', () => {
  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['that answers with something else than a PDF', status(200, '<html>Sign in</html>'), /answer is not a PDF/],
    [
      'that breaks off',
      (r) => void r.writeHead(200, { 'content-length': 99 }).write(PDF, () => r.destroy()),
      /cannot be reached/,
    ],
    ['that hangs', () => undefined, /No PDF appeared within 3 s/],
    [
      'that goes on for ever',
      (r) => void setInterval(() => r.write(Buffer.alloc(65536)), 5).unref(),
      /No PDF appeared within 3 s/,
    ],
    ['that sends elsewhere', status(302, '', { location: 'http://127.0.0.1:9/' }), /status 302/],
    ['that hides control characters', status(418, '{"error":"\\u001b[2Jgone\\u0007"}'), /\\x1b\[2Jgone\\x07/],
  ])('%s', async (_, answer, words) => {
    const { cli } = await stage.play(answer);
    const { code, stderr } = await cli.run('convert', 'photo.jpg', '--timeout', '3');
    expect(stderr).toMatch(words);
    expect(code).toBe(1);
    expect(cli.files()).toEqual(['outputs.json', 'photo.jpg']);
  });

  test('that is not there', async () => {
    const { code, stderr } = await stage.userOf('http://127.0.0.1:9').run('convert', 'photo.jpg');
    expect(code).toBe(1);
    expect(stderr).toMatch(/http:\/\/127.0.0.1:9 cannot be reached: .*ECONNREFUSED.*\n.*npm start/s);
  });
});

describe('a key', () => {
  test('goes to no other host than the API host, whatever the outputs say', async () => {
    let stolen: string | undefined;
    const port = await stage.listen(
      createServer((request, response) => {
        stolen = request.headers.authorization;
        response.end('[]');
      }),
    );
    const more = { events: { source: 'local', deadLetters: `http://127.0.0.1:${port}/dead-letters` } };
    const user = stage.userOf('http://127.0.0.1:9', more, { OPENWHISK_AUTH: 'uuid:key' });
    const { code, stderr } = await user.run('status');
    expect(stderr).toContain('is not at the API host http://127.0.0.1:9, so the key is not sent there');
    expect(code).toBe(1);
    expect(stolen).toBeUndefined();
  });
});

describe('a certificate', () => {
  test('of a CA of the stack is trusted by the outputs, another one only when told to', async () => {
    const certificate = selfSigned('127.0.0.1');
    const port = await stage.listen(
      createTlsServer(certificate, (request, response) => request.resume().on('end', () => pdf(response))),
    );
    const url = `https://127.0.0.1:${port}`;
    const trusting = await stage.userOf(url, { caCertificate: certificate.cert }).run('convert', 'photo.jpg');
    expect(trusting.code, trusting.stderr).toBe(0);
    const doubting = await stage.userOf(url).run('convert', 'photo.jpg');
    expect(doubting.code).toBe(1);
    expect(doubting.stderr).toContain('--insecure accepts any certificate');
    expect((await stage.userOf(url).run('convert', 'photo.jpg', '--insecure')).code).toBe(0);
  });
});
