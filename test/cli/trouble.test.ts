import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
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
  rmSync(path.join(folder, 'user'), { recursive: true, force: true });
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
  test('a service that was there a moment ago', async () => {
    const { cli } = await troubled(pdf, (response) => void response.destroy(), pdf);
    cli.file('other.jpg');
    const { code, stderr } = await cli.run('convert', '--parallel', '1', '--force', 'photo.jpg', 'other.jpg');
    expect(code, stderr).toBe(0);
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

describe('a key', () => {
  test('goes to no other host than the API host, whatever the outputs say', async () => {
    let stolen: string | undefined;
    const port = await listen(
      createServer((request, response) => {
        stolen = request.headers.authorization;
        response.end('[]');
      }),
    );
    const more = { events: { source: 'local', deadLetters: `http://127.0.0.1:${port}/dead-letters` } };
    const user = userOf('http://127.0.0.1:9', more, { OPENWHISK_AUTH: 'uuid:key' });
    const { code, stderr } = await user.run('status');
    expect(stderr).toContain('is not at the API host http://127.0.0.1:9, so the key is not sent there');
    expect(code).toBe(1);
    expect(stolen).toBeUndefined();
  });
});

describe('files of the user', () => {
  test('are never taken for the command’s own, however long or alike the names are', async () => {
    const { cli } = await troubled(pdf);
    const names = [`${'漢'.repeat(82)}.jpg`, `a${'e'.repeat(200)}.jpg`, `b${'e'.repeat(200)}.jpg`];
    for (const name of names) cli.file(name);
    cli.file('.photo.pdf.part', 'precious');
    const { code, stderr } = await cli.run('convert', ...names, 'photo.jpg', '--parallel', '4');
    expect(code, stderr).toBe(0);
    for (const name of names) expect(cli.files()).toContain(name.replace('.jpg', '.pdf'));
    expect(cli.files().filter((name) => name.endsWith('.part'))).toEqual(['.photo.pdf.part']);
  });
  test('that cannot become a PDF do not keep the others', async () => {
    const { cli } = await troubled(pdf);
    cli.file('folder.pdf/x', 'x');
    cli.file('folder.jpg');
    const { code, stderr } = await cli.run('convert', '', '/', 'folder.jpg', 'photo.jpg', '--force');
    expect(code).toBe(1);
    expect(stderr).toMatch(/1 of 4 converted.*folder.pdf is a folder/s);
  });
});

describe('an environment in the way', () => {
  test('a proxy is not asked for what is on this machine', async () => {
    const { cli } = await troubled(pdf);
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
    const { cli } = await troubled(pdf);
    const names = Array.from({ length: 12 }, (_, index) => `${index}.jpg`);
    for (const name of names) cli.file(name);
    const { child, ended } = cli.start('convert', ...names, '-o', 'out', '--parallel', '1');
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect((await ended).code).toBe(0);
    expect(cli.files('out')).toHaveLength(12);
  });
  test('a signal ends every command at once, whatever it waits for', async () => {
    const { cli, asked } = await troubled(() => undefined);
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
    const user = new Cli(path.join(folder, 'user'), ['--stack', 'ada'], { PATH: path.join(folder, 'nothing') });
    const { code, stderr } = await user.run('open');
    expect(code).toBe(2);
    expect(stderr).toMatch(/no `pulumi` on the PATH.\n.*--outputs outputs.json/);
  });
});
