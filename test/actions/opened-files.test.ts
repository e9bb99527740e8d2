/** What a call costs, in a count that is no clock: the files that it opens. A cold one opens what it imports, too. */
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { deployed } from './deployed';
import { newServiceAccount } from './keys';
import { PHOTO, PythonAction } from './python-action';
import { StorageStandIn } from './storage-stand-in';

const started: PythonAction[] = [];
afterAll(async () => {
  for (const action of started) await action.stop();
});

/** The files that a first and a second call of an action open. */
async function listOpened(name: string, parameters: (call: number) => JsonObject) {
  const action = await PythonAction.start(name, { COUNT_OPENED: 'yes' });
  started.push(action);
  for (const call of [1, 2]) expect(await action.run(parameters(call))).not.toHaveProperty('error');
  const said = () => [...action.output.matchAll(/^opened: (.*)$/gm)].map(([, list]) => JSON.parse(list ?? ''));
  await expect.poll(said, { timeout: 30_000 }).toHaveLength(2);
  const [cold = [], warm = []] = said() as string[][];
  return { cold, warm };
}

const BASE64 = PHOTO.toString('base64');
/** Of the conversion: its temporary files, the standard input of ImageMagick, and the pipe on which that answers. */
const ITS_OWN = /\/pdfmagic-\w+(\/[\w.]+)?$|^\/dev\/null$|^\d+$/;

/** Some more than with Python 3.11, since each Python has its own standard library. */
describe('the files that are opened', () => {
  it.each([
    ['v0', { image: BASE64 }],
    ['v1', { __ow_method: 'post', __ow_headers: { 'content-type': 'image/jpeg' }, __ow_body: BASE64 }],
  ])('by %s: fewer than 90 when cold, and only the six of the conversion when warm', async (name, parameters) => {
    const { cold, warm } = await listOpened(name, () => parameters);
    expect(cold.length).toBeLessThan(90);
    expect(warm.filter((file) => !ITS_OWN.test(file))).toEqual([]);
    expect(warm).toHaveLength(6);
  });

  it('by v2: fewer than 520 when cold, and only the twelve of the conversion when warm', async () => {
    const storage = await StorageStandIn.start();
    try {
      storage.buckets.set('demo-in', new Map()).set('demo-out', new Map());
      const { key } = newServiceAccount(`${storage.url}/token`);
      const settings = { 'out-bucket': 'demo-out', 'gcs-key': key, 'gcs-endpoint': storage.url };
      const { cold, warm } = await listOpened('v2', (call) => {
        storage.put('demo-in', `${call}.jpg`, PHOTO);
        return deployed('v2', { bucket: 'demo-in', name: `${call}.jpg`, ...settings });
      });
      expect(cold.length).toBeLessThan(520);
      expect(warm.filter((file) => !ITS_OWN.test(file))).toEqual([]);
      expect(warm).toHaveLength(12);
    } finally {
      storage.stop();
    }
  });
});
