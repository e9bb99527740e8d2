/** v1 and v2 on both platforms: the same answers to the same requests. */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { DIFFERENCES, essenceOf } from '../differences';
import type { Answer, Both } from '../platforms';
import { BY_BODY, BY_BUCKET, OBJECTS, OF_PEOPLE, OTHERS } from '../requests';

const PATIENCE = { timeout: 60_000, interval: 200 };
/** Statuses that were seen, so that a platform which refuses everything alike does not pass. */
const seen = new Map<string, Answer>();

/** Declares the tests. */
export function promiseRequests(both: Both): void {
  describe.each([
    ['v1', BY_BODY],
    ['photographs as people take them', OF_PEOPLE],
    ['v2', BY_BUCKET],
    ['all else', OTHERS],
  ])('OpenWhisk and Cloud Run answer the same to %s', (way, requests) => {
    beforeAll(async () => {
      if (way !== 'v2') return;
      // Each is an event, too, and one may want the PDF of another: the next one comes when all have come to an end.
      for (const [index, [name, bytes]] of Object.entries(OBJECTS).entries()) {
        for (const platform of [both.openwhisk, both.cloudrun]) await platform.put(name, bytes);
        for (const platform of [both.openwhisk, both.cloudrun])
          await vi.waitFor(async () => expect(await platform.results()).toHaveLength(index + 1), PATIENCE);
      }
    });

    test.each(Object.entries(requests))('%s', async (what, sent) => {
      const [here, there] = await Promise.all([both.openwhisk.send(sent), both.cloudrun.send(sent)]);
      seen.set(what, here);
      const different = DIFFERENCES[what];
      if (different !== undefined) return expect([here.status, there.status]).toEqual(different);
      const [expected, got] = [essenceOf(here), essenceOf(there)];
      // What OpenWhisk itself refuses has no code of the service.
      expect(expected.code === undefined && expected.status >= 400 ? { status: got.status } : got).toEqual(expected);
    });
  });

  describe('the requests', () => {
    test('are of every kind: PDFs, and every status that a caller can cause', () => {
      const statuses = new Set([...seen.values()].map(({ status }) => status));
      expect([...statuses].sort()).toEqual([200, 400, 403, 404, 406, 409, 413, 422]);
      const pdfs = [...seen.values()].filter(({ body }) => body.subarray(0, 5).toString() === '%PDF-');
      expect(pdfs.length).toBeGreaterThan(10);
    });

    test('have a PDF of every photograph that people take, in every way that is asked for', () => {
      const refused = Object.keys(OF_PEOPLE).filter((what) => seen.get(what)?.status !== 200);
      expect(refused).toEqual([]);
    });

    test('leave the same objects in the out bucket', async () => {
      const names = await both.openwhisk.results();
      expect(names).toContain('photo.pdf');
      expect(names).toContain('folder/a b+c&d=é 写.pdf');
      expect(await both.cloudrun.results()).toEqual(names);
      for (const name of names.filter((one) => one.endsWith('.pdf')))
        expect((await both.cloudrun.result(name)).equals(await both.openwhisk.result(name)), name).toBe(true);
    });
  });
}
