/** TCP ports: one that is free, and the one of a server. */
import { createServer, type Server } from 'node:net';

/** A port of loopback that nobody has now. Somebody may take it before it is listened on: then start on another. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const port = portOf(probe);
      probe.close(() => resolve(port));
    });
  });
}

/** The port that a server listens on; 0 while it listens on none. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
