/** v3 on both platforms: the same files, put into the in bucket, end as the same objects in the out bucket. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { PHOTO } from '../../actions/python-action';
import { BAD, GOOD } from '../files';
import type { Both, Deployed } from '../platforms';

/** `a JPEG cut in half` is the object `new/a/JPEG cut in half.jpg`. */
const nameObject = (what: string) => `new/${what.replace(' ', '/')}.jpg`;
const objects = new Map(Object.entries({ ...GOOD, ...BAD }).map(([what, bytes]) => [nameObject(what), bytes]));
const expected = [
  ...Object.keys(GOOD).map((what) => nameObject(what).replace('.jpg', '.pdf')),
  ...Object.keys(BAD).map((what) => `${nameObject(what)}.error.json`),
].sort();
/** What became of them. */
const results = async (platform: Deployed) => (await platform.results()).filter((name) => name.startsWith('new/'));

/** What is recorded of a refusal, but for what is of one platform: the object's generation, the id of the activation. */
function refusal(record: Buffer): unknown {
  const { generation, activation: _, ...rest } = JSON.parse(record.toString()) as Record<string, unknown>;
  expect(generation).toMatch(/^\d+$/);
  return rest;
}

/** Declares the tests. */
export function promiseFiles(both: Both): void {
  describe('new files in the in bucket', () => {
    test('are all accounted for on both platforms: a PDF, or the reason why not', async () => {
      for (const platform of [both.openwhisk, both.cloudrun]) {
        await Promise.all([...objects].map(([name, bytes]) => platform.put(name, bytes)));
      }
      for (const platform of [both.openwhisk, both.cloudrun]) {
        await expect.poll(() => results(platform), { timeout: 110_000, interval: 500 }).toEqual(expected);
      }
    });

    test('end as the same objects: the same PDFs to the byte, the same reasons', async () => {
      const names = await results(both.openwhisk);
      expect(await results(both.cloudrun)).toEqual(names);
      for (const name of names) {
        const [here, there] = await Promise.all([both.openwhisk.result(name), both.cloudrun.result(name)]);
        if (name.endsWith('.pdf')) expect(there.equals(here), name).toBe(true);
        else expect(refusal(there), name).toEqual(refusal(here));
      }
    });

    test('are converted again on both when they are replaced', async () => {
      const [name = ''] = objects.keys();
      const pdf = name.replace('.jpg', '.pdf');
      const replacement = GOOD['a grey JPEG'] ?? Buffer.alloc(0);
      const before = await both.openwhisk.result(pdf);
      for (const platform of [both.openwhisk, both.cloudrun]) {
        await platform.put(name, replacement);
        const isNew = async () => !(await platform.result(pdf)).equals(before);
        await expect.poll(isNew, { timeout: 60_000, interval: 500 }).toBe(true);
      }
      expect((await both.cloudrun.result(pdf)).equals(await both.openwhisk.result(pdf))).toBe(true);
    });

    test('are converted on both as soon as that can be done, when it could not at first', async () => {
      for (const { rawOutBucket } of [both.openwhisk, both.cloudrun]) {
        await rawOutBucket.deleteFiles();
        await rawOutBucket.delete();
      }
      for (const platform of [both.openwhisk, both.cloudrun]) await platform.put('late.jpg', PHOTO);
      // Two attempts and more: the first ones come half a second and a second after one another.
      await sleep(5_000);
      for (const platform of [both.openwhisk, both.cloudrun]) {
        await platform.rawOutBucket.create();
        await expect.poll(() => platform.results(), { timeout: 60_000, interval: 500 }).toEqual(['late.pdf']);
      }
    }, 150_000);
  });
}
