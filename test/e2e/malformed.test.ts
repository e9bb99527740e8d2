import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Machine, type RunningPlatform } from './machine';
import { brokenJpeg, oddText, photo, type Request, restRequest } from './malformed-inputs';

/** How many malformed inputs there are in all; the tests below share them. */
const INPUTS = 1000;
/** Milliseconds after which a request counts as hanging. */
const PATIENCE = 60_000;

const machine = new Machine();
let platform: RunningPlatform;
let convertPath: string;
let before: { processes: number; temporary: string[] };

beforeAll(async () => {
  const up = await machine.run('start', '--once');
  expect(up.code, up.output).toBe(0);
  platform = await machine.startPlatform();
  convertPath = `/api/${platform.auth.split(':')[0]}/convert/pdf`;
  before = leftovers();
});
afterAll(() => machine.close());

function leftovers() {
  return {
    processes: readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isConvert(pid)).length,
    temporary: readdirSync(machine.temporary).sort(),
  };
}

function isConvert(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('convert');
  } catch {
    return false;
  }
}

/** Sends bytes as they are (fetch would mend them); resolves to the status, 0 when the request itself cannot be sent. */
function send({ method, path: target, headers = {}, body }: Request): Promise<number> {
  return new Promise((resolve, reject) => {
    let request: http.ClientRequest;
    try {
      request = http.request(new URL(platform.file.apihost), {
        method,
        path: target,
        headers,
        timeout: PATIENCE,
        agent: false,
      });
    } catch {
      return resolve(0); // Node's client refuses such a header or path itself
    }
    request.on('timeout', () => reject(new Error(`${method} ${target} hangs`)));
    request.on('error', () => resolve(0)); // the server closed on nonsense
    request.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', () => resolve(0));
    });
    request.end(body);
  });
}

/** Runs `inputs` against the platform, four at a time; every status must be one that is documented. */
async function bombard(
  count: number,
  arbitrary: fc.Arbitrary<() => Request>,
  allowed: (status: number) => boolean,
): Promise<void> {
  const requests = fc.sample(arbitrary, { numRuns: count, seed: 20261122 });
  const wrong: string[] = [];
  const worker = async (): Promise<void> => {
    for (let next = requests.pop(); next !== undefined; next = requests.pop()) {
      const request = next();
      const status = await send(request);
      if (!allowed(status)) wrong.push(`${request.method} ${request.path}: ${status}`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  expect(wrong).toEqual([]);
}

const documented =
  (...statuses: number[]) =>
  (status: number) =>
    status === 0 || statuses.includes(status);

describe(`${INPUTS} malformed inputs`, () => {
  test('as JPEGs to v1 are converted or refused', async () => {
    const post = fc.oneof(
      { weight: 4, arbitrary: brokenJpeg },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 4096 }).map(Buffer.from) },
    );
    const request = fc.tuple(
      post,
      fc.constantFrom(
        'image/jpeg',
        'application/octet-stream',
        'text/plain',
        'application/json',
        'multipart/form-data',
        ';;;',
      ),
    );
    await bombard(
      INPUTS * 0.3,
      request.map(([body, type]) => () => ({
        method: 'POST',
        path: convertPath,
        headers: { 'content-type': type },
        body,
      })),
      documented(200, 400, 413, 415, 422),
    );
  });

  test('as parameters to v0 are converted or refused', async () => {
    const image = fc.oneof(
      brokenJpeg.map((bytes) => bytes.toString('base64')),
      oddText,
      fc.jsonValue(),
    );
    await bombard(
      INPUTS * 0.2,
      image.map((value) => () => ({
        method: 'POST',
        path: '/api/v1/namespaces/_/actions/pdfmagic/v0?blocking=true&result=true',
        headers: { authorization: platform.authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ image: value }),
      })),
      documented(200, 400, 413, 502), // 502 is OpenWhisk's status for an action that answers {"error": ...}
    );
  });

  test('as names and buckets to v2 are refused', async () => {
    const form = fc.record({ bucket: oddText, name: oddText }, { requiredKeys: [] });
    const body = fc.oneof(
      form.map((fields) => ({
        type: 'application/x-www-form-urlencoded',
        body: new URLSearchParams(fields).toString(),
      })),
      fc.jsonValue().map((value) => ({ type: 'application/json', body: JSON.stringify(value) })),
      oddText.map((text) => ({ type: 'application/json', body: text })),
    );
    await bombard(
      INPUTS * 0.1,
      body.map((b) => () => ({ method: 'PUT', path: convertPath, headers: { 'content-type': b.type }, body: b.body })),
      documented(400, 404, 413, 415, 422),
    );
  });

  test('as events to the trigger of v3 are accepted or refused', async () => {
    const body = fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify(value)),
      oddText,
    );
    await bombard(
      INPUTS * 0.1,
      body.map((text) => () => ({
        method: 'POST',
        path: '/api/v1/namespaces/_/triggers/new-file',
        headers: { authorization: platform.authorization, 'content-type': 'application/json' },
        body: text,
      })),
      documented(202, 400, 413),
    );
  });

  test('as requests to the REST API are refused', async () => {
    await bombard(
      INPUTS * 0.3,
      restRequest.map((r) => () => ({
        method: r.method,
        path: `${r.prefix}${r.segments.join('/')}?${r.query}`,
        headers: {
          ...(r.known ? { authorization: platform.authorization } : {}),
          'content-type': 'application/json',
          [r.header[0]]: r.header[1],
        },
        body: r.body,
      })),
      (status) => status < 500 || status === 502, // 502: apimgmt's refusals and actions that answer an error
    );
  });

  test('leave the service working, and no process or temporary file behind', async () => {
    const status = await send({
      method: 'POST',
      path: convertPath,
      headers: { 'content-type': 'image/jpeg' },
      body: photo,
    });
    expect(status).toBe(200);
    await expect.poll(leftovers, { timeout: PATIENCE }).toEqual(before);
  });
});
