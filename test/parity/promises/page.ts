/** The page on both platforms: the same page with the same headers, and the same answers to what it asks for. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { BUCKETS } from '../../../contract/names';
import { PHOTO } from '../../actions/python-action';
import { essenceOf } from '../differences';
import { BAD } from '../files';
import type { Answer, Both, Sent } from '../platforms';

const IN = `demo-${BUCKETS.in}`;
const JSON_TYPE = { 'content-type': 'application/json' };
const FILE = { name: 'photo.jpg', contentType: 'image/jpeg', size: PHOTO.length };
const PATIENCE = { timeout: 110_000, interval: 300 };
const UUID = randomUUID();
const GET: Sent = { method: 'GET' };

/** Asks the page's host beside the page. */
const upload = (body: unknown, more: Partial<Sent> = {}): Sent => ({
  ...{ method: 'POST', suffix: 'upload', headers: JSON_TYPE, body: JSON.stringify(body) },
  ...more,
});
const result = (query: Record<string, string>, headers: Sent['headers'] = {}): Sent => ({
  ...{ method: 'GET', suffix: `result?${new URLSearchParams(query)}`, headers },
});

/** Answers that name a fresh object and a signature, without these. */
function withoutChance({ body }: Answer): unknown {
  const { url, name, expires, activation: _, ...rest } = JSON.parse(body.toString());
  const { pathname, searchParams } = new URL(url);
  searchParams.sort();
  const bare = pathname.replace(/[0-9a-f-]{36}/, 'UUID');
  return { ...rest, name: name?.replace(/[0-9a-f-]{36}/, 'UUID'), bare, signed: [...searchParams.keys()] };
}

/** Declares the tests. */
export function promisePage(both: Both): void {
  test('the page is the same but for the name of its platform, and so are its headers but for the ports here', async () => {
    const [here, there] = await Promise.all([both.openwhisk.page(GET), both.cloudrun.page(GET)]);
    expect([here.status, there.status]).toEqual([200, 200]);
    const html = ({ body }: Answer) => body.toString().replace(/data-platform="\w+"/, '');
    expect(html(there)).toBe(html(here));
    expect(there.body.toString()).toContain('data-platform="cloudrun"');
    const names = Object.keys(here.headers).filter((name) =>
      /^(content-(type|sec)|x-(content|frame)|refer|perm|cross-o|cache)/.test(name),
    );
    expect(names).toHaveLength(9);
    const kept = ({ headers }: Answer) =>
      names.map((name) => [name, headers[name]?.replace(/127\.0\.0\.1:\d+/, 'STORAGE')]);
    // OpenWhisk's gateway says so in lower case.
    expect(JSON.stringify(kept(there)).toLowerCase()).toBe(JSON.stringify(kept(here)).toLowerCase());
    expect(there.headers['content-security-policy']).toContain("connect-src 'self' http://127.0.0.1:");
  });

  describe('OpenWhisk and Cloud Run answer the same to', () => {
    test.each<[string, Sent]>([
      ['an upload', upload(FILE)],
      ['an upload of a page of an album', upload({ ...FILE, part: true })],
      ['an upload with wishes', upload({ ...FILE, quality: 'original', page: 'a4', margin: 10 })],
    ])('%s', async (_, sent) => {
      const [here, there] = await Promise.all([both.openwhisk.page(sent), both.cloudrun.page(sent)]);
      expect([here.status, there.status]).toEqual([200, 200]);
      expect(withoutChance(there)).toEqual(withoutChance(here));
      expect(there.headers['cache-control']).toBe('no-store');
    });

    const name = `page/${UUID}/photo.jpg`;
    test.each<[string, Sent]>([
      ['an upload without a name', upload({ ...FILE, name: undefined })],
      ['an upload of a PNG', upload({ ...FILE, contentType: 'image/png' })],
      ['an upload of nothing', upload({ ...FILE, size: 0 })],
      ['an upload above 128 MiB', upload({ ...FILE, size: 2 ** 27 + 1 })],
      ['an upload with a page that is none', upload({ ...FILE, page: 'a5' })],
      ['an upload with a part that is none', upload({ ...FILE, part: 'yes' })],
      ['an upload with settings of its own', upload({ ...FILE, settings: { 'in-bucket': 'mine' } })],
      ['an upload with a reserved parameter', upload({ ...FILE, __ow_method: 'get' })],
      [
        'an upload that a page of another origin asks for',
        upload(FILE, { headers: { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' } }),
      ],
      ['half of a JSON', upload(FILE, { body: '{"name":' })],
      ['a body above 1 MiB', upload({ ...FILE, x: 'x'.repeat(1_048_576) })],
      ['a result of what was never uploaded', result({ bucket: IN, name })],
      ['a result of another bucket', result({ bucket: 'demo-convert-out', name })],
      ['a result of a name that upload never gives', result({ bucket: IN, name: 'photo.jpg' })],
      ['a result without a name', result({ bucket: IN })],
      ['a result of a generation that is none', result({ bucket: IN, name, generation: 'newest' })],
      ['a result with settings of its own', result({ bucket: IN, name, settings: 'mine' })],
      [
        'a result that a page of another origin asks for',
        result({ bucket: IN, name }, { 'sec-fetch-site': 'same-site' }),
      ],
    ])('%s', async (_, sent) => {
      const [here, there] = await Promise.all([both.openwhisk.page(sent), both.cloudrun.page(sent)]);
      const [expected, got] = [essenceOf(here), essenceOf(there)];
      expect(expected.status).toBeGreaterThanOrEqual(400);
      expect(expected.code === undefined ? { status: got.status } : got).toEqual(expected);
    });

    test('what becomes of an upload: a PDF to fetch, or the reason why not', async () => {
      const outcomes = await Promise.all(
        [both.openwhisk, both.cloudrun].map(async (platform) => {
          const files = { 'photo.jpg': PHOTO, 'half.jpg': BAD['a JPEG cut in half'] ?? Buffer.alloc(0) };
          const ends = Object.entries(files).map(async ([file, bytes]) => {
            const object = `page/${UUID}/${file}`;
            await platform.put(object, bytes);
            const answer = await vi.waitFor(async () => {
              const said = await platform.page(result({ bucket: IN, name: object }));
              expect(said.status).not.toBe(202);
              return said;
            }, PATIENCE);
            const { url, activation: _, ...rest } = JSON.parse(answer.body.toString());
            const pdf =
              url === undefined ? undefined : Buffer.from(await (await fetch(url)).arrayBuffer()).toString('latin1');
            return { status: answer.status, ...rest, pdf };
          });
          return Promise.all(ends);
        }),
      );
      expect(outcomes[1]).toEqual(outcomes[0]);
      expect(outcomes[1]).toMatchObject([
        { status: 200, pdf: expect.stringMatching(/^%PDF-/) },
        { status: 422, code: 'truncated-jpeg' },
      ]);
    });
  });

  test('Cloud Run has no records of activations, and does not answer where they would be', async () => {
    const { status, body } = await both.cloudrun.page({ ...GET, suffix: `activation?id=${'0'.repeat(32)}` });
    expect([status, JSON.parse(body.toString()).code]).toEqual([404, 'no-such-path']);
  });
}
