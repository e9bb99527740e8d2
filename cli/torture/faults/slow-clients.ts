import { setTimeout as sleep } from 'node:timers/promises';
import { countConnections, doorsOf, open } from './connections';
import { type Fault, waitFor } from './fault';

/** Clients at each door, and for how many seconds. */
const CLIENTS = 50;
const SECONDS = 6;
/** Connections that come and go with other work. */
const SLACK = 40;

export const slowClients: Fault = {
  name: 'slow-clients',
  made: `${CLIENTS} clients at each of gateway, API and storage send one byte a second, then hang up`,
  expected: 'nobody else waits for them, and their connections are closed',
  run: async (scene) => {
    const before = countConnections(scene.pid());
    const doors = await doorsOf(scene);
    const clients = doors.flatMap((door) => Array.from({ length: CLIENTS }, () => open(door)));
    for (let second = 0; second < SECONDS; second += 1) {
      for (const client of clients) if (client.writable) client.write('{');
      await sleep(1000);
    }
    const during = countConnections(scene.pid());
    for (const client of clients) client.destroy();
    const after = await waitFor('the end of their connections', async () => {
      const count = countConnections(scene.pid());
      return count <= before + SLACK ? count : undefined;
    });
    return `connections of the platform: ${before} before, ${during} meanwhile, ${after} afterwards`;
  },
};
