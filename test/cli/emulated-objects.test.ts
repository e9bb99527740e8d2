/** Looking into a bucket of an emulator: pages, what is missing, what passes by itself, and what came damaged. */
import { createHash } from 'node:crypto';
import http from 'node:http';
import { beforeEach, describe, expect, test } from 'vitest';
import { CloudBucket } from '../../cli/client/buckets';
import { type Answer, Stage, status } from './stage';

const stage = new Stage();
let storageEndpoint: string;
let bucket: CloudBucket;
let asked: string[] = [];
/** The answers in turn, the last one again and again. */
let answers: Answer[] = [];

beforeEach(async () => {
  asked = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? '');
    (answers.length > 1 ? answers.shift() : answers[0])?.(response);
  });
  storageEndpoint = `http://127.0.0.1:${await stage.listen(server)}`;
  bucket = new CloudBucket({ storageEndpoint }, 'in');
});

const json = (body: object, code = 200) => status(code, JSON.stringify(body));
const missing = (message: string) => json({ error: { code: 404, message } }, 404);
const md5 = (text: string) => createHash('md5').update(text).digest('base64');

describe('a bucket of an emulator', () => {
  test('is listed to its last page', async () => {
    const marks = { 'source-bucket': 'b', 'source-name': 'n', 'source-generation': '7' };
    answers = [
      json({
        items: [{ name: 'a', generation: '5', size: '3', updated: '2026-01-02T03:04:05Z' }],
        nextPageToken: 'x y',
      }),
      json({ items: [{ name: 'c', generation: '6', timeCreated: '1970-01-01T00:00:01Z', metadata: marks }] }),
    ];
    expect(await bucket.list('p/ä')).toEqual([
      { name: 'a', generation: 5n, size: 3, updated: Date.UTC(2026, 0, 2, 3, 4, 5), isPart: false },
      {
        ...{ name: 'c', generation: 6n, size: 0, updated: 1000, isPart: false },
        source: { bucket: 'b', name: 'n', generation: 7n },
      },
    ]);
    expect(asked.map((url) => new URL(url, 'http://x').searchParams.get('prefix'))).toEqual(['p/ä', 'p/ä']);
    expect(asked[1]).toMatch(/pageToken=x(\+|%20)y/);
  });

  test('has nothing of a name that nothing has; that the bucket is gone is told', async () => {
    answers = [missing('No such object: in/a')];
    expect([await bucket.find('a/b'), await bucket.read('a/b')]).toEqual([undefined, undefined]);
    expect(asked).toEqual(['/storage/v1/b/in/o/a%2Fb', '/storage/v1/b/in/o/a%2Fb?alt=media']);
    answers = [missing('The specified bucket does not exist.')];
    await expect(bucket.read('a')).rejects.toMatchObject({
      message: 'Bucket in: a cannot be read: The specified bucket does not exist.',
      hint: expect.stringContaining('The bucket is gone'),
    });
  });

  test('is read whole, or not at all', async () => {
    answers = [status(200, 'whole', { 'x-goog-hash': `crc32c=AAAA==,md5=${md5('whole')}` })];
    expect(`${await bucket.read('a')}`).toBe('whole');
    answers = [status(200, 'whale', { 'x-goog-hash': `crc32c=AAAA==,md5=${md5('whole')}` })];
    await expect(bucket.read('a')).rejects.toThrow('Bucket in: a cannot be read: what came is not what is stored.');
    answers = [
      (response) => void response.writeHead(200, { 'content-length': '9' }).write('half', () => response.destroy()),
    ];
    await expect(new CloudBucket({ storageEndpoint }, 'in', false).read('a')).rejects.toThrow(
      /^Bucket in: a cannot be read: .*cannot be reached/,
    );
  });

  test('is asked again when its server has no time, unless nothing is to be tried again', async () => {
    answers = [status(503), json({ items: [] })];
    expect(await bucket.list()).toEqual([]);
    expect(asked).toHaveLength(2);
    answers = [status(503)];
    await expect(new CloudBucket({ storageEndpoint }, 'in', false).list()).rejects.toThrow(/status 503/);
    expect(asked).toHaveLength(3);
  });
});
