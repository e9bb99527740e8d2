/** The queue is bounded: what does not fit is refused with 429, and nothing is dropped. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Client, Laboratory } from './laboratory';

const FULL = 'Too many concurrent requests in flight (count: 3, allowed: 3).';

describe('a server that takes three invocations', () => {
  let laboratory: Laboratory;

  beforeEach(async () => {
    laboratory = await Laboratory.open({ maxInFlight: 3, capacity: 1 });
    await laboratory.action('w', 'wait');
    await laboratory.action('e', 'echo');
  });
  afterEach(() => laboratory.close());

  const fill = (count: number) =>
    Promise.all(Array.from({ length: count }, (_, n) => laboratory.send('POST', 'actions/w', { n })));

  async function releaseUntil(ids: string[]): Promise<void> {
    const records = Promise.all(ids.map((id) => laboratory.record(id)));
    let done = false;
    void records.then(() => {
      done = true;
    });
    await expect
      .poll(() => {
        laboratory.invoker.release();
        return done;
      })
      .toBe(true);
  }

  test('refuses the fourth, blocking or not, and runs the three', async () => {
    const accepted = await fill(3);
    expect(accepted.map(({ status }) => status)).toEqual([202, 202, 202]);
    for (const where of ['actions/w', 'actions/e?blocking=true']) {
      const refused = await laboratory.send('POST', where, {});
      expect(refused.status).toBe(429);
      expect(refused.json).toMatchObject({ error: FULL, code: refused.headers.get('x-request-id') });
    }
    await releaseUntil(accepted.map(Client.id));
    expect((await laboratory.send('POST', 'actions/e?blocking=true&result=true', { n: 1 })).json).toEqual({ n: 1 });
  });

  test('fires a trigger for all of its rules or refuses it', async () => {
    await laboratory.send('PUT', 'triggers/t', {});
    for (const n of [1, 2]) await laboratory.send('PUT', `rules/r${n}`, { trigger: '/_/t', action: '/_/e' });
    const accepted = await fill(2);
    const refused = await laboratory.send('POST', 'triggers/t', {});
    expect(refused.status).toBe(429);
    const list = await laboratory.send('GET', 'activations?name=t');
    expect(list.json).toEqual([]);
    await releaseUntil(accepted.map(Client.id));
    expect((await laboratory.send('POST', 'triggers/t', {})).status).toBe(202);
  });

  test('hands the invoker no more than it runs and a little ahead, in the order of arrival', async () => {
    const wide = await Laboratory.open({ maxInFlight: 100, capacity: 2 });
    try {
      await wide.action('e', 'echo');
      const ids: string[] = [];
      for (let n = 0; n < 30; n += 1) ids.push(Client.id(await wide.send('POST', 'actions/e', { n })));
      await Promise.all(ids.map((id) => wide.record(id)));
      expect(wide.invoker.peak).toBeLessThanOrEqual(4);
      expect(wide.invoker.ran.map(({ parameters }) => parameters.n)).toEqual(ids.map((_, n) => n));
    } finally {
      await wide.close();
    }
  });
});
