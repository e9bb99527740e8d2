import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { portOf } from '../../ground/free-port';
import { answerUnreadableRequests } from '../../ground/unreadable-requests';

let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/slow') response.write('begun');
    else if (request.url === '/body') request.resume().on('end', () => response.end('whole'));
    else response.end('read');
  });
  answerUnreadableRequests(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** All that a client hears which sends this, and `later` when the answer begins, until the server ends. Rejects when the connection is reset. */
function hear(bytes: string, later = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(portOf(server), '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      if (text === '') socket.write(later);
      text += chunk;
    });
    socket.on('end', () => resolve(text)).on('error', reject);
  });
}

test.for([
  ['a head beyond its bound', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(5_000_000)}\r\n\r\n`, 431],
  ['what is not HTTP, and much of it', 'hello\r\n'.repeat(500_000), 400],
  [
    'a chunk without a size',
    `POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${'zz\r\n'.repeat(500_000)}`,
    400,
  ],
] as const)('the whole answer reaches who sends %s', async ([, bytes, status]) => {
  expect(await hear(bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\w ]+\r\nConnection: close\r\n\r\n$`));
});

test('what is readable before it is answered', async () => {
  const text = await hear('GET / HTTP/1.1\r\nHost: x\r\n\r\nhello\r\n\r\n');
  const answers = text.split(/(?=HTTP)/);
  expect(answers).toEqual([
    expect.stringMatching(/^HTTP\/1\.1 200 OK\r\n.*read$/s),
    'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n',
  ]);
});

test('no answer is put into one that has begun', async () => {
  const text = await hear('POST /slow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n', 'zz\r\n');
  expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(text).not.toContain(' 400 ');
});

test('a client that goes on sending is cut off', async () => {
  const socket = connect({ port: portOf(server), host: '127.0.0.1', allowHalfOpen: true });
  const sending = setInterval(() => socket.write('hello\r\n'), 50);
  const before = Date.now();
  const cut = await new Promise<Error>((resolve) => socket.resume().on('error', resolve));
  clearInterval(sending);
  expect(cut).toHaveProperty('code', expect.stringMatching(/^(ECONNRESET|EPIPE)$/));
  expect(Date.now() - before).toBeGreaterThan(1_000);
});
