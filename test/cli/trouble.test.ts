import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../cluster-waits/self-signed';
import { Cli } from './pdfmagic';

/** The command against a service of the test that is in trouble. */
const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-trouble-'));
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) (server as unknown as { closeAllConnections(): void }).closeAllConnections();
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PDF = Buffer.from('%PDF-1.3 of the test');

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A user of a stack with that URL. */
function userOf(url: string, more: object = {}, env: NodeJS.ProcessEnv = {}): Cli {
  const cli = new Cli(path.join(folder, 'user'), ['--outputs', 'outputs.json'], env);
  const outputs = {
    student: 'ada',
    apihost: url,
    page: `${url}/page`,
    endpoints: { v1: `${url}/convert/pdf` },
    buckets: { in: 'ada-in', out: 'ada-out' },
    storage: url,
    events: { source: 'local', deadLetters: `${url}/feed/dead-letters` },
    ...more,
  };
  cli.file('outputs.json', JSON.stringify(outputs));
  cli.file('photo.jpg');
  rmSync(path.join(cli.folder, 'photo.pdf'), { force: true });
  return cli;
}

/** A service that answers in turn, the last answer again and again; and a user of it. */
async function troubled(...answers: ((response: ServerResponse, request: IncomingMessage) => void)[]) {
  let asked = 0;
  const listener: RequestListener = (request, response) => {
    request.resume().on('end', () => answers[Math.min(asked++, answers.length - 1)]?.(response, request));
  };
  const port = await listen(createServer(listener));
  return { cli: userOf(`http://127.0.0.1:${port}`), asked: () => asked };
}

const pdf = (response: ServerResponse) => void response.writeHead(200).end(PDF);
const status = (code: number, body = '', headers = {}) => {
  return (response: ServerResponse) => void response.writeHead(code, headers).end(body);
};

describe('what passes by itself is tried again', () => {
  test('a limit that is reached, and a gateway with nothing behind it', async () => {
    const { cli, asked } = await troubled(
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
  test('but not what the service itself says', async () => {
    const { cli, asked } = await troubled(status(502, '{"error":"It failed.","code":"converter-failed"}'), pdf);
    const { code, stderr } = await cli.run('convert', 'photo.jpg');
    expect([code, asked()]).toEqual([1, 1]);
    expect(stderr).toContain('It failed. (converter-failed)');
  });
});

describe('a service in trouble is told in words, and leaves no file', () => {
  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['that answers with something else than a PDF', status(200, '<html>Sign in</html>'), /answered is no PDF/],
    [
      'that breaks off',
      (r) => void r.writeHead(200, { 'content-length': 99 }).write(PDF, () => r.destroy()),
      /cannot be reached/,
    ],
    ['that hangs', () => undefined, /no PDF within 3 s/],
    [
      'that goes on for ever',
      (r) => void setInterval(() => r.write(Buffer.alloc(65536)), 5).unref(),
      /no PDF within 3 s/,
    ],
    ['that sends elsewhere', status(302, '', { location: 'http://127.0.0.1:9/' }), /status 302/],
    ['that hides control characters', status(418, '{"error":"\\u001b[2Jgone\\u0007"}'), /\\x1b\[2Jgone\\x07/],
  ])('%s', async (_, answer, words) => {
    const { cli } = await troubled(answer);
    const { code, stderr } = await cli.run('convert', 'photo.jpg', '--timeout', '3');
    expect(stderr).toMatch(words);
    expect(code).toBe(1);
    expect(cli.files()).toEqual(['outputs.json', 'photo.jpg']);
  });

  test('that is not there', async () => {
    const { code, stderr } = await userOf('http://127.0.0.1:9').run('convert', 'photo.jpg');
    expect(code).toBe(1);
    expect(stderr).toMatch(/http:\/\/127.0.0.1:9 cannot be reached: .*ECONNREFUSED.*\n.*npm start/s);
  });
});

describe('a certificate', () => {
  test('of a CA of the stack is trusted by the outputs, another one only when told to', async () => {
    const certificate = selfSigned('127.0.0.1');
    const port = await listen(
      createTlsServer(certificate, (request, response) => request.resume().on('end', () => pdf(response))),
    );
    const url = `https://127.0.0.1:${port}`;
    const trusting = await userOf(url, { caCertificate: certificate.cert }).run('convert', 'photo.jpg');
    expect(trusting.code, trusting.stderr).toBe(0);
    const doubting = await userOf(url).run('convert', 'photo.jpg');
    expect(doubting.code).toBe(1);
    expect(doubting.stderr).toContain('--insecure takes any certificate');
    expect((await userOf(url).run('convert', 'photo.jpg', '--insecure')).code).toBe(0);
  });
});

describe('before anything is begun', () => {
  const cli = () => userOf('http://127.0.0.1:9', {}, { PATH: path.join(folder, 'nothing') });
  test.each<[string, readonly string[], RegExp]>([
    ['no file', ['convert'], /missing required argument/],
    ['an unknown option', ['convert', 'photo.jpg', '--fast'], /unknown option/],
    ['a way that is none', ['convert', 'photo.jpg', '--via', 'v4'], /Allowed choices are v0, v1, v2, v3/],
    ['nothing at a time', ['convert', 'photo.jpg', '--parallel', '0'], /a number from 1 to 64/],
    ['two stacks', ['status', '--stack', 'ada'], /--stack and --outputs each name a stack|--outputs and --stack/],
  ])('%s is refused with exit code 2', async (_, [command = '', ...args], words) => {
    const { code, stderr } = await cli().run(command, ...args);
    expect(stderr).toMatch(words);
    expect(code).toBe(2);
  });

  test('outputs that are none are refused, with where they come from', async () => {
    const user = cli();
    for (const text of ['', '[]', '{"page": "x"}', '{"student": 1}']) {
      user.file('outputs.json', text);
      const { code, stderr } = await user.run('status');
      expect(stderr).toMatch(/outputs.json .*\n/);
      expect(code).toBe(2);
    }
  });

  test('a stack of Pulumi’s without Pulumi is told, with what to do', async () => {
    const user = new Cli(path.join(folder, 'user'), ['--stack', 'ada'], { PATH: path.join(folder, 'nothing') });
    const { code, stderr } = await user.run('open');
    expect(code).toBe(2);
    expect(stderr).toMatch(/no `pulumi` on the PATH.\n.*--outputs outputs.json/);
  });
});
