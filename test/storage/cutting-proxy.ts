/** A way to a server that breaks once: when a certain number of bytes has gone through it, all connections are cut off. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** @returns its URL; `cuts` is how often it broke */
export async function openCuttingProxy(endpoint: string, bytes: number) {
  const { hostname, port } = new URL(endpoint);
  const sockets = new Set<Socket>();
  let passed = 0;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    upstream.pipe(client);
    client.on('data', (chunk) => {
      passed += chunk.length;
      if (cuts === 0 && passed >= bytes) {
        cuts += 1;
        // What came goes on, and then nothing more: so a connection breaks.
        upstream.write(chunk, () => {
          for (const socket of sockets) socket.resetAndDestroy();
        });
      } else if (!upstream.write(chunk)) {
        client.pause();
        upstream.once('drain', () => client.resume());
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
