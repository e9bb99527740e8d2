import { setMaxListeners } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenWhiskApi } from '../../client/openwhisk';
import { countConnections, doorsOf, open } from './connections';
import { demand, type Fault, waitFor } from './fault';
import { putPython } from './run-action';

const CLIENTS = 40;
const ACTION = 'torture-vanished';
const SLACK = 40;

export const vanishingClients: Fault = {
  name: 'vanishing-clients',
  made: `${CLIENTS} clients at each of gateway, API and storage vanish in the middle of their request, and ${CLIENTS} while they wait for a result`,
  expected: 'what was accepted has one record each; nothing of the rest stays',
  run: async (scene) => {
    const { openwhisk } = scene;
    const before = countConnections(scene.pid());
    const code = 'import time\ndef main(args):\n    time.sleep(0.5)\n    return {}\n';
    await putPython(openwhisk, ACTION, code, { timeout: 10_000 });
    const halves = (await doorsOf(scene)).flatMap((door) => Array.from({ length: CLIENTS }, () => open(door)));
    for (const client of halves) client.write('half of it');
    const gone = new AbortController();
    setMaxListeners(CLIENTS, gone.signal);
    let answered = 0;
    const waiting = Array.from({ length: CLIENTS }, () =>
      openwhisk.invoke(ACTION, {}, gone.signal).then(
        () => {
          answered += 1;
        },
        () => undefined,
      ),
    );
    // As soon as one has run: then others run or wait.
    await waitFor('the first result', async () => (await countRecords(openwhisk)) > 0 || undefined);
    gone.abort();
    for (const client of halves) client.resetAndDestroy();
    await Promise.all(waiting);
    // No more come once their number stays the same.
    let last = -1;
    const records = await waitFor('the records of what was accepted', async () => {
      const found = await countRecords(openwhisk);
      const isSteady = found === last && found >= answered;
      last = found;
      await sleep(1500);
      return isSteady ? found : undefined;
    });
    demand(records <= CLIENTS, `${CLIENTS} requests made ${records} records`);
    await waitFor('the end of their connections', async () => {
      return countConnections(scene.pid()) <= before + SLACK || undefined;
    });
    const uploads = path.join(scene.data, 'storage', 'uploads');
    await waitFor('the end of half uploads', async () => {
      return !existsSync(uploads) || readdirSync(uploads).length === 0 || undefined;
    });
    await openwhisk.send('DELETE', `actions/${ACTION}`);
    return `${answered} of ${CLIENTS} had their answer before; ${records} records; no half upload is left`;
  },
};

/** Of this action alone: the load makes hundreds of records meanwhile. */
async function countRecords(openwhisk: OpenWhiskApi): Promise<number> {
  return (await openwhisk.activations(200, { name: ACTION })).length;
}
