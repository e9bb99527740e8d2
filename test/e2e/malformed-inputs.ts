/** Malformed inputs of all sorts, as fast-check arbitraries. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { ROOT } from './machine';

export const photo = readFileSync(path.join(ROOT, 'examples/photo.jpg'));

/** A request as it goes over the wire. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string;
}

/** A JPEG with some bytes changed, or cut short: what a broken upload looks like. */
export const brokenJpeg = fc
  .record({
    length: fc.integer({ min: 0, max: photo.length }),
    edits: fc.array(fc.tuple(fc.nat(photo.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 40 }),
  })
  .map(({ length, edits }) => {
    const bytes = Buffer.from(photo);
    for (const [at, value] of edits) bytes[at] = value;
    return bytes.subarray(0, length);
  });

export const oddText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('../../etc/passwd', '-', '--help', '@/etc/passwd', '|id', '$(id)', '%00', 'msl:x'),
);

const segment = fc.oneof(
  oddText.map(encodeURIComponentLoosely),
  fc.constantFrom(
    'actions',
    'triggers',
    'rules',
    'packages',
    'activations',
    'namespaces',
    '_',
    'web',
    'api',
    'v1',
    'guest',
    'default',
    'whisk.system',
    'apimgmt',
    'createApi',
    '%',
    '%zz',
    '..',
  ),
);
/** A request to the REST API made of parts that are right alone; `known` says whether to send the key. */
export const restRequest = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'),
  segments: fc.array(segment, { maxLength: 6 }),
  prefix: fc.constantFrom('/api/v1/namespaces/_/', '/api/v1/', '/api/v1/web/guest/', '/api/', '/'),
  query: fc.webQueryParameters(),
  body: fc.oneof(fc.json(), oddText, fc.constant('['.repeat(50_000))),
  header: fc.tuple(
    fc.constantFrom('accept', 'content-type', 'authorization', 'x-request-id', 'cookie'),
    fc.string({ maxLength: 300 }),
  ),
  known: fc.boolean(),
});

/** Percent-encodes most of the time what would end the path; the rest arrives raw. */
function encodeURIComponentLoosely(text: string): string {
  return text.replace(/[^\w.~%-]/g, (character) => {
    const bytes = Buffer.from(character);
    return [...bytes].map((byte) => `%${byte.toString(16)}`).join('');
  });
}
