/** Ports and the header of HTTP Basic. */
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { encodeBasicAuthorization } from '../../ground/basic-auth';
import { freePort, portOf } from '../../ground/free-port';

test('a free port can be listened on, and is then the server’s', async () => {
  const port = await freePort();
  const server = createServer();
  expect(portOf(server)).toBe(0);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(portOf(server)).toBe(port);
  await new Promise((resolve) => server.close(resolve));
});

test('the header of HTTP Basic is that of RFC 7617', () => {
  expect(encodeBasicAuthorization('Aladdin:open sesame')).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
});
