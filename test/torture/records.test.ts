/** What the faults count while the load goes on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOpenWhisk } from '../../cli/bench/client';
import { identity } from '../openwhisk/identity';
import { Client, Laboratory } from '../openwhisk/laboratory';

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
});
afterAll(() => laboratory.close());

test('the records of one action are found behind hundreds of newer ones', async () => {
  for (const name of ['counted', 'load']) await laboratory.action(name, 'echo');
  const run = (name: string) => laboratory.send('POST', `actions/${name}?blocking=true`, {});
  const counted = Client.id(await run('counted'));
  for (let sent = 0; sent < 201; sent++) await run('load');
  const { api } = openOpenWhisk(laboratory.url, `${identity.uuid}:${identity.key}`, false);
  const ids = async (wanted?: { name: string }) =>
    (await api.activations(200, wanted)).map(({ activationId }) => activationId);
  await expect.poll(async () => (await ids()).length).toBe(200);
  expect(await ids()).not.toContain(counted);
  expect(await ids({ name: 'counted' })).toEqual([counted]);
});
