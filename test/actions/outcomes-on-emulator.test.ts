/** The same with the storage emulator: generations, preconditions and metadata as an emulator of its own keeps them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmulator } from '../local-storage/emulator';
import { deployed } from './deployed';
import { TRUNCATED } from './jpegs';
import { newServiceAccount } from './keys';
import { PHOTO, PythonAction } from './python-action';

let emulator: Awaited<ReturnType<typeof openEmulator>>;
let v2: PythonAction;
let other: PythonAction;
const { key } = newServiceAccount();

beforeAll(async () => {
  [emulator, v2, other] = await Promise.all([openEmulator(), PythonAction.start('v2'), PythonAction.start('v2')]);
  for (const name of ['demo-in', 'demo-out']) await emulator.client().createBucket(name);
});
afterAll(async () => {
  await Promise.all([v2.stop(), other.stop()]);
  await emulator.close();
});

const convert = (event: { name: string; generation: string }, action = v2) => {
  const settings = { 'out-bucket': 'demo-out', 'gcs-key': key, 'gcs-endpoint': emulator.endpoint };
  return action.run(deployed('v2', { bucket: 'demo-in', ...settings, ...event }));
};
async function arrive(name: string, bytes: Buffer) {
  const file = emulator.client().bucket('demo-in').file(name);
  await file.save(bytes, { contentType: 'image/jpeg', resumable: false });
  const [metadata] = await file.getMetadata();
  return { name, generation: `${metadata.generation}` };
}
const made = async () => (await emulator.client().bucket('demo-out').getFiles())[0].map(({ name }) => name);
const sourceOf = async (name: string) =>
  (await emulator.client().bucket('demo-out').file(name).getMetadata())[0].metadata;

it('converts a generation once, records a refusal, and clears the record once the file is mended', async () => {
  const event = await arrive('folder/a b.jpg', PHOTO);
  expect(await convert(event)).not.toHaveProperty('unchanged');
  expect(await convert(event)).toMatchObject({ object: 'folder/a b.pdf', unchanged: true });
  const mark = { 'source-bucket': 'demo-in', 'source-name': event.name, 'source-generation': event.generation };
  expect(await sourceOf('folder/a b.pdf')).toEqual(mark);

  await convert(await arrive('b.jpg', TRUNCATED));
  expect(await made()).toEqual(['b.jpg.error.json', 'folder/a b.pdf']);
  await convert(await arrive('b.jpg', PHOTO));
  expect(await made()).toEqual(['b.pdf', 'folder/a b.pdf']);
});

it('lets one of two runs at once write, and the other report `unchanged`', async () => {
  const event = await arrive('twice.jpg', PHOTO);
  const answers = await Promise.all([convert(event), convert(event, other)]);
  expect(answers.filter((answer) => answer.unchanged !== true)).toHaveLength(1);
  expect(answers.filter((answer) => answer.error !== undefined)).toEqual([]);
});

it('tells an event of a generation that is gone', async () => {
  const old = await arrive('replaced.jpg', PHOTO);
  await arrive('replaced.jpg', PHOTO);
  expect(await convert(old)).toEqual({ error: expect.stringContaining('There is no object') });
});
