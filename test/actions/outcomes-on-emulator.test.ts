/** The same with the storage emulator: generations, preconditions and metadata as an emulator of its own keeps them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmulator } from '../storage/emulator';
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

/** The photograph, made larger by comments, which a JPEG may have any number of. */
function largeJpeg(bytes: number): Buffer {
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(0xfffd, 'c')]);
  const comments = Array.from({ length: Math.ceil(bytes / comment.length) }, () => comment);
  return Buffer.concat([PHOTO.subarray(0, 2), ...comments, PHOTO.subarray(2)]);
}

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

it('skips an event of a generation that is gone, which is no failure', async () => {
  const old = await arrive('replaced.jpg', PHOTO);
  await arrive('replaced.jpg', PHOTO);
  expect(await convert(old)).toEqual({ skipped: true });
});

it.each([1, 2, 3])(
  'gives two JPEGs of 22 MB that want one PDF, at once, one PDF and one refusal (%i)',
  async (round) => {
    const large = largeJpeg(22_000_000);
    const stem = `both ${round}`;
    const events = await Promise.all([arrive(`${stem}.jpg`, large), arrive(`${stem}.jpeg`, large)]);
    const [first, second] = await Promise.all([convert(events[0]), convert(events[1], other)]);
    const outcomes = [first, second].map((answer) => (answer.error === undefined ? 'made' : 'refused'));
    expect(outcomes.sort()).toEqual(['made', 'refused']);
    const refused = first.error === undefined ? `${stem}.jpeg` : `${stem}.jpg`;
    const there = (await made()).filter((name) => name.startsWith(stem));
    expect(there.sort()).toEqual([`${refused}.error.json`, `${stem}.pdf`].sort());
    expect(await sourceOf(`${stem}.pdf`)).not.toMatchObject({ 'source-name': refused });
  },
  60_000,
);

it.each([
  ['1,020 bytes', `${'x'.repeat(1016)}.jpg`],
  ['1,023 bytes, whose PDF has 1,024', `${'x'.repeat(1018)}.jpeg`],
  ['600 times <', `${'<'.repeat(600)}.jpg`],
  ['control characters', `${'\u0001'.repeat(900)}\u007f\u0085.jpg`],
  ['slashes', `${'/'.repeat(1000)}.jpg`],
])('gives a JPEG with a name of %s its PDF, and its record when it is refused', async (_, name) => {
  expect(await convert(await arrive(name, PHOTO))).not.toHaveProperty('error');
  expect(await sourceOf(name.replace(/\.jpe?g$/, '.pdf'))).toMatchObject({ 'source-name': name });
  expect(await convert(await arrive(name, TRUNCATED))).toHaveProperty('error');
  const records = (await made()).filter((found) => found === `${name}.error.json` || found.startsWith('long-names/'));
  expect(records).toHaveLength(1);
  await emulator
    .client()
    .bucket('demo-out')
    .file(records[0] ?? '')
    .delete();
});

it('records the refusal of a name of 1,024 bytes, whose PDF could have none', async () => {
  const name = 'y'.repeat(1024);
  expect(await convert(await arrive(name, PHOTO))).toHaveProperty('error');
  const records = (await made()).filter((found) => found.startsWith('long-names/'));
  expect(records).toHaveLength(1);
  expect(await sourceOf(records[0] ?? '')).toMatchObject({ 'source-name': name });
});
