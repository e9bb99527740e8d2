import { readFileSync } from 'node:fs';
import http from 'node:http';
import { CRC32C } from '@google-cloud/storage';
import { describe, expect, test } from 'vitest';
import { DiskFullError } from '../../ground/disk-full';
import type { Cli } from './pdfmagic';
import { Stage } from './stage';

/** A conversion by v3 that cannot come to an end: what OpenWhisk and the feed know of it is told, and nobody waits in vain. */
const stage = new Stage();
const checksum = new CRC32C();
checksum.update(readFileSync('examples/photo.jpg'));
const FULL = new DiskFullError('/secret', 9_000_000).forCallers;

/** What the service knows of the file that was uploaded. */
interface Known {
  /** How each attempt ended: the response of v2. */
  readonly attempts?: readonly object[];
  readonly trouble?: string;
  /** The record of a refusal: of which generation. */
  readonly refusedGeneration?: string;
}

/** Plays storage, OpenWhisk and feed; nothing ever becomes a PDF. */
async function play(known: Known, env: NodeJS.ProcessEnv = { OPENWHISK_AUTH: 'uuid:key' }): Promise<Cli> {
  let name = '';
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    request.resume().on('end', () => {
      const [status, body] = answer(url);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  const answer = (url: URL): [number, unknown] => {
    const isRecord = url.pathname.endsWith('.error.json');
    if (url.pathname.startsWith('/upload/')) {
      name = url.searchParams.get('name') ?? '';
      return [200, { name, generation: '7', crc32c: checksum.toString() }];
    }
    if (url.pathname.includes('/triggers/')) return [200, { trouble: known.trouble }];
    const id = /\/activations\/(\w)(\d)$/.exec(url.pathname);
    if (id?.[1] === 't') return [200, { response: { status: 'success' }, logs: [rule(Number(id[2]))] }];
    if (id?.[1] === 'a') return [200, { response: known.attempts?.[Number(id[2])] }];
    if (url.pathname.endsWith('/activations')) return [200, firings(name)];
    if (isRecord && known.refusedGeneration !== undefined) {
      if (url.searchParams.get('alt') === 'media') return [200, { error: 'No photograph.', code: 'not-a-jpeg' }];
      const source = { 'source-bucket': 'ada-in', 'source-name': name, 'source-generation': known.refusedGeneration };
      return [200, { name: 'record', generation: '8', metadata: source }];
    }
    return [404, { error: { code: 404, message: 'No such object' } }];
  };
  const rule = (index: number) => JSON.stringify({ rule: 'r', action: 'guest/pdfmagic/v2', activationId: `a${index}` });
  /** The newest first. */
  const firings = (of: string) => [
    firing('t9', 'other.jpg'),
    ...(known.attempts ?? []).map((_, index) => firing(`t${index}`, of)).reverse(),
  ];
  return stage.userOf(`http://127.0.0.1:${await stage.listen(server)}`, {}, env);
}

/** A record of the trigger. */
function firing(activationId: string, file: string): object {
  return { activationId, name: 't', start: Date.now(), response: { result: { name: file, generation: '7' } } };
}

const convert = (cli: Cli, ...args: string[]) => cli.run('convert', '--via', 'v3', 'photo.jpg', ...args);
const failed = (error: string) => ({ status: 'whisk internal error', result: { error } });

describe('v3 tells why there is no PDF', () => {
  test.each<[string, Known, string]>([
    ['the disk of the platform is full', { attempts: [failed(FULL)] }, FULL],
    [
      'the action fails',
      { attempts: [{ status: 'action developer error', result: { error: 'It ran out of memory.' } }] },
      'It ran out of memory.',
    ],
    ['OpenWhisk fails again', { attempts: [failed('It hiccuped.'), failed('No sandbox.')] }, 'No sandbox.'],
    ['the trigger cannot be fired', { trouble: 'OpenWhisk answered 503: no space left' }, '503: no space left'],
    ['the file is refused', { refusedGeneration: '7' }, 'No photograph. (not-a-jpeg)'],
  ])('when %s', async (_, known, words) => {
    const cli = await play(known);
    const begin = Date.now();
    const { code, stderr } = await convert(cli);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('/secret');
    expect(code).toBe(1);
    expect(Date.now() - begin).toBeLessThan(30_000);
  });
});

describe('v3 goes on waiting', () => {
  test.each<[string, Known, NodeJS.ProcessEnv?]>([
    ['where OpenWhisk itself has failed once', { attempts: [failed('It hiccuped.')] }],
    ['where an earlier generation of the file was refused', { refusedGeneration: '6' }],
    ['where there is no key to ask with', { attempts: [failed(FULL)] }, {}],
  ])('%s', async (_, known, env) => {
    const { code, stderr } = await convert(await play(known, env), '--timeout', '7');
    expect(stderr).toContain('No PDF appeared within 7 s');
    expect(code).toBe(1);
  });
});

test('an upload to a full disk ends at once, in the words of the storage', async () => {
  const server = http.createServer((request, response) => {
    const message = 'There is no space left on the disk. Free some and try again.';
    request.resume().on('end', () => void response.writeHead(507).end(JSON.stringify({ error: { message } })));
  });
  const cli = stage.userOf(`http://127.0.0.1:${await stage.listen(server)}`);
  const { code, stderr } = await convert(cli);
  expect(stderr).toContain('There is no space left on the disk. Free some and try again.\n');
  expect(code).toBe(1);
});
