import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmulator } from './emulator';

let lab: Awaited<ReturnType<typeof openEmulator>>;
let bucket: Bucket;
beforeAll(async () => {
  lab = await openEmulator();
  [bucket] = await lab.client().createBucket('conditions');
}, 120_000);
afterAll(() => lab?.close());

const ask = async (method: string, target: string, headers: Record<string, string> = {}, body?: string | Buffer) => {
  const answer = await fetch(`${lab.endpoint}${target}`, {
    method,
    headers,
    ...(body !== undefined && { body: new Uint8Array(Buffer.from(body)) }),
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};
const b = '/storage/v1/b/conditions/o';
const media = (name: string, query: string, body = 'x') =>
  ask('POST', `/upload${b}?uploadType=media&name=${name}&${query}`, { 'content-type': 'text/plain' }, body);
async function resumable(name: string, query: string, body = 'x') {
  const begun = await ask('POST', `/upload${b}?uploadType=resumable&name=${name}&${query}`);
  const session = begun.headers.get('location');
  if (session === null) return begun;
  return ask('PUT', session.slice(lab.endpoint.length), {}, body);
}
const multipart = (name: string, query: string, body = 'x') =>
  ask(
    'POST',
    `/upload${b}?uploadType=multipart&${query}`,
    { 'content-type': 'multipart/related; boundary=B' },
    `--B\r\ncontent-type: application/json\r\n\r\n${JSON.stringify({ name })}\r\n--B\r\n\r\n${body}\r\n--B--\r\n`,
  );
const put = (name: string, query: string, body = 'x') => ask('PUT', `/conditions/${name}?${query}`, {}, body);

async function made(name: string, content = 'before') {
  await bucket.file(name).save(content, { resumable: false });
  const [{ generation, metageneration }] = await bucket.file(name).getMetadata();
  return { generation: String(generation), metageneration: String(metageneration) };
}
const content = async (name: string) => (await bucket.file(name).download())[0].toString();
const notMet = { status: 412, text: expect.stringContaining('"reason":"conditionNotMet"') };

describe.each([
  ['media', media],
  ['multipart', multipart],
  ['resumable', resumable],
  ['PUT', put],
])('an upload (%s)', (kind, upload) => {
  it('that wants no object, or a certain generation, replaces no other', async () => {
    const name = `up-${kind}`;
    expect((await upload(name, 'ifGenerationMatch=0', 'first')).status).toBe(200);
    expect(await upload(name, 'ifGenerationMatch=0', 'second')).toMatchObject(notMet);
    expect(await upload(name, 'ifGenerationMatch=12345', 'second')).toMatchObject(notMet);
    expect(await upload(name, 'ifMetagenerationMatch=7', 'second')).toMatchObject(notMet);
    const [{ generation }] = await bucket.file(name).getMetadata();
    expect(await upload(name, `ifGenerationNotMatch=${generation}`, 'second')).toMatchObject(notMet);
    expect(await content(name)).toBe('first');
    expect((await upload(name, `ifGenerationMatch=${generation}&ifMetagenerationMatch=1`, 'second')).status).toBe(200);
    expect(await content(name)).toBe('second');
    expect(await upload(`${name}-none`, 'ifGenerationNotMatch=0')).toMatchObject(notMet);
    expect((await upload(name, 'ifGenerationMatch=x')).status).toBe(400);
  });

  it('is one of many at once that want no object: one is kept, all others are told', async () => {
    const name = `race-${kind}`;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) => upload(name, 'ifGenerationMatch=0', `${at}`.repeat(500_000))),
    );
    const won = answers.flatMap(({ status }, at) => (status === 200 ? [at] : []));
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(7);
    expect(await content(name)).toBe(`${won[0]}`.repeat(500_000));
  });
});

it('checks a resumable upload again at its end', async () => {
  const begun = await ask('POST', `/upload${b}?uploadType=resumable&name=late&ifGenerationMatch=0`);
  await made('late', 'faster');
  const session = begun.headers.get('location') ?? '';
  expect(await ask('PUT', session.slice(lab.endpoint.length), {}, 'slower')).toMatchObject(notMet);
  expect(await content('late')).toBe('faster');
});

it.each(['', 'alt=media&'])('minds them in a GET (%s)', async (alt) => {
  const { generation } = await made('read');
  const get = async (query: string, headers = {}) => (await ask('GET', `${b}/read?${alt}${query}`, headers)).status;
  expect(await get(`ifGenerationMatch=${generation}&ifMetagenerationMatch=1&generation=${generation}`)).toBe(200);
  expect(await get('ifGenerationMatch=1')).toBe(412);
  expect(await get('ifMetagenerationMatch=2')).toBe(412);
  expect(await get(`ifGenerationNotMatch=${generation}`)).toBe(304);
  expect(await get('ifMetagenerationNotMatch=1')).toBe(304);
  expect(await get('generation=1')).toBe(404);
  const etag = (await ask('GET', `${b}/read?${alt}`)).headers.get('etag') ?? '';
  expect(await get('', { 'if-none-match': etag })).toBe(304);
  expect(await get('', { 'if-match': etag })).toBe(200);
  expect(await get('', { 'if-match': '"other"' })).toBe(412);
});

it('minds the headers of the XML API', async () => {
  const { generation } = await made('xml');
  const header = (value: string) => ({ 'x-goog-if-generation-match': value });
  expect((await ask('GET', '/conditions/xml', header(generation))).status).toBe(200);
  expect((await ask('GET', '/conditions/xml', header('1'))).status).toBe(412);
  expect((await ask('HEAD', '/conditions/xml', { 'x-goog-if-metageneration-match': '9' })).status).toBe(412);
  expect((await ask('PUT', '/conditions/xml', header('0'), 'x')).status).toBe(412);
  expect((await ask('PUT', '/conditions/xml', header(generation), 'y')).status).toBe(200);
});

it('minds them in a deletion', async () => {
  const { generation } = await made('gone');
  const remove = async (query: string) => (await ask('DELETE', `${b}/gone?${query}`)).status;
  expect(await remove('ifGenerationMatch=1')).toBe(412);
  expect(await remove(`ifGenerationNotMatch=${generation}`)).toBe(412);
  expect(await remove('ifMetagenerationMatch=2')).toBe(412);
  expect(await remove('generation=1')).toBe(404);
  expect(await content('gone')).toBe('before');
  expect(await remove(`generation=${generation}&ifMetagenerationMatch=1`)).toBe(204);
  expect(await remove('')).toBe(404);
});

it.each(['PATCH', 'PUT'])('minds them in a change of metadata (%s), which keeps the generation', async (method) => {
  const { generation } = await made('changed');
  const change = (query: string) => ask(method, `${b}/changed?${query}`, {}, '{"metadata":{"a":"b"}}');
  expect(await change('ifMetagenerationMatch=2')).toMatchObject(notMet);
  expect(await change('ifGenerationMatch=1')).toMatchObject(notMet);
  expect((await change('generation=1')).status).toBe(404);
  const changed = await change(`ifMetagenerationMatch=1&ifGenerationMatch=${generation}`);
  expect(JSON.parse(changed.text)).toMatchObject({ generation, metageneration: '2', metadata: { a: 'b' } });
  expect(await change('ifMetagenerationMatch=1')).toMatchObject(notMet);
  expect(await content('changed')).toBe('before');
});

it.each(['rewriteTo', 'copyTo'])('minds them in %s, of the source and of the copy', async (verb) => {
  const { generation } = await made('source');
  const to = `copy-${verb}`;
  const copy = (query: string) => ask('POST', `${b}/source/${verb}/b/conditions/o/${to}?${query}`);
  expect(await copy('ifSourceGenerationMatch=1')).toMatchObject(notMet);
  expect(await copy('ifSourceMetagenerationMatch=2')).toMatchObject(notMet);
  expect((await copy('sourceGeneration=1')).status).toBe(404);
  expect((await copy(`ifGenerationMatch=0&ifSourceGenerationMatch=${generation}`)).status).toBe(200);
  expect(await copy('ifGenerationMatch=0')).toMatchObject(notMet);
  expect(await content(to)).toBe('before');
});

it('minds them in a composition, of each source and of what is made', async () => {
  const { generation } = await made('part');
  const compose = (query: string, source: object) =>
    ask('POST', `${b}/whole/compose?${query}`, {}, JSON.stringify({ sourceObjects: [{ name: 'part', ...source }] }));
  expect(await compose('', { objectPreconditions: { ifGenerationMatch: '1' } })).toMatchObject(notMet);
  expect((await compose('', { generation: '1' })).status).toBe(404);
  expect((await compose('ifGenerationMatch=0', { generation })).status).toBe(200);
  expect(await compose('ifGenerationMatch=0', {})).toMatchObject(notMet);
});

it('minds those that the official client sends', async () => {
  const { generation } = await made('client', 'one');
  const file = bucket.file('client');
  for (const resumableUpload of [true, false]) {
    const save = file.save('two', { resumable: resumableUpload, preconditionOpts: { ifGenerationMatch: 0 } });
    await expect(save).rejects.toThrow(/status code 412|pre-conditions you specified did not hold/);
  }
  await expect(file.delete({ ifGenerationMatch: 1 })).rejects.toMatchObject({ code: 412 });
  await expect(file.setMetadata({ metadata: { a: 'b' } }, { ifMetagenerationMatch: 5 })).rejects.toMatchObject({
    code: 412,
  });
  await expect(bucket.file('client', { generation: 1 }).download()).rejects.toMatchObject({ code: 404 });
  expect((await bucket.file('client', { generation }).download())[0].toString()).toBe('one');
});
