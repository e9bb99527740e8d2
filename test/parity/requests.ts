/** Requests to `/convert/pdf`. Objects that they name: `OBJECTS` in the in bucket. */
import { BUCKETS } from '../../contract/names';
import { WAYS } from '../../contract/ways';
import { PHOTO } from '../actions/python-action';
import { BAD, GOOD, TOO_LARGE_A_PDF } from './files';
import { PHOTOGRAPHS } from './photographs';
import type { Sent } from './platforms';

const JPEG = { 'content-type': WAYS.v1.contentType };
const FORM = { 'content-type': WAYS.v2.contentType };
const JSON_TYPE = { 'content-type': 'application/json' };
const IN = `demo-${BUCKETS.in}`;
const OUT = `demo-${BUCKETS.out}`;

const post = (body: Buffer | string, headers: Sent['headers'] = JPEG): Sent => ({
  method: WAYS.v1.method,
  headers,
  body,
});
const put = (body: string, headers: Sent['headers'] = FORM, suffix = ''): Sent => ({
  ...{ method: WAYS.v2.method, headers, suffix },
  body,
});
const MULTIPART = { 'content-type': 'multipart/form-data; boundary=b' };
/** A form with a file, and a field `NAME=VALUE` before it. */
function multipart(file: Buffer, field = ''): Buffer {
  const [name, value] = field.split('=');
  const before = field && `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head =
    'Content-Disposition: form-data; name="file"; filename="Urlaub \u00fc.jpg"\r\nContent-Type: image/jpeg\r\n\r\n';
  return Buffer.concat([Buffer.from(`${before}--b\r\n${head}`), file, Buffer.from('\r\n--b--\r\n')]);
}
const wish = (query: string): Sent => ({ ...post(PHOTO), suffix: `?${query}` });
const form = (name: string, bucket = IN): string => new URLSearchParams({ bucket, name }).toString();

const bodies = (files: Readonly<Record<string, Buffer>>): Record<string, Sent> =>
  Object.fromEntries(Object.entries(files).map(([what, bytes]) => [`v1: ${what}`, post(bytes)]));

/** v1: the JPEG as body. */
export const BY_BODY: Readonly<Record<string, Sent>> = {
  ...bodies(GOOD),
  ...bodies(BAD),
  'v1: nothing': { method: 'POST' },
  'v1: an empty body with a type': post('', JPEG),
  'v1: a JPEG without a type': post(PHOTO, {}),
  'v1: a JPEG that says it is a PNG': post(PHOTO, { 'content-type': 'image/png' }),
  'v1: a JPEG that says it is binary': post(PHOTO, { 'content-type': 'application/octet-stream' }),
  'v1: a JPEG that says it is text': post(PHOTO, { 'content-type': 'text/plain' }),
  'v1: a JPEG as a form, as curl sends it without a type': post(PHOTO, FORM),
  'v1: a JPEG that says it is JSON': post(PHOTO, JSON_TYPE),
  'v1: a JPEG with a charset': post(PHOTO, { 'content-type': 'image/jpeg; charset=utf-8' }),
  'v1: a type that is none': post(PHOTO, { 'content-type': 'jpeg' }),
  'v1: base64 as text': post(PHOTO.toString('base64'), { 'content-type': 'text/plain' }),
  'v1: JSON with a field': post('{"image": "x"}', JSON_TYPE),
  'v1: a JSON list': post('[1, 2]', JSON_TYPE),
  'v1: multipart': post('--x\r\n\r\nx\r\n--x--\r\n', { 'content-type': 'multipart/form-data; boundary=x' }),
  'v1: a JPEG as file -bi names it': post(PHOTO, { 'content-type': 'image/jpeg; charset=binary' }),
  'v1: a JPEG as the file of a form': post(multipart(PHOTO), MULTIPART),
  'v1: a form with a wish': post(multipart(PHOTO, 'quality=original'), MULTIPART),
  'v1: the original': wish('quality=original'),
  'v1: the original of what cannot be kept': { ...post(PHOTO.subarray(0, -2)), suffix: '?quality=original' },
  'v1: quality 40': wish('quality=40'),
  'v1: on A4 with a margin and a name': wish('page=a4&margin=10&name=S%C3%BCd.jpg'),
  'v1: on a page of its own size': wish('page=100x150mm'),
  'v1: a quality that is none': wish('quality=best'),
  'v1: a page that is none': wish('page=a5'),
  'v1: a margin that leaves no room': wish('page=10x10mm&margin=5'),
  'v1: 1 MiB to the byte': post(Buffer.alloc(1_048_576, 0xff)),
  'v1: one byte above 1 MiB': post(Buffer.alloc(1_048_577, 0xff)),
  'v1: 3 MiB': post(Buffer.alloc(3 * 1_048_576, 0xff)),
  'v1: a PDF above the 1 MiB of a result': post(TOO_LARGE_A_PDF),
  'v1: a reserved parameter in the query': { ...post(PHOTO), suffix: '?__ow_body=x' },
  'v1: a parameter of its own in the query': { ...post(PHOTO), suffix: '?a=b&c' },
  'v1: a query that cannot be decoded': { ...post(PHOTO), suffix: '?a=%zz' },
  'v1: below the path': { ...post(PHOTO), suffix: '/further/down' },
  'v1: for who takes PDF': post(PHOTO, { ...JPEG, accept: 'application/pdf, */*;q=0.1' }),
  'v1: for who takes HTML only': post(PHOTO, { ...JPEG, accept: 'text/html' }),
  'v1: for who takes any application': post(PHOTO, { ...JPEG, accept: 'application/*' }),
  'v1: for who takes no PDF': post(PHOTO, { ...JPEG, accept: 'application/pdf;q=0' }),
};

/** v1: photographs as people take them, encoded by ImageMagick, as they are, and on a page of a size. */
export const OF_PEOPLE: Readonly<Record<string, Sent>> = Object.fromEntries(
  Object.entries(PHOTOGRAPHS).flatMap(([what, bytes]) =>
    ['', '?quality=original', '?quality=80&page=a4&margin=5'].map((suffix) => [
      `${what} ${suffix}`,
      { ...post(bytes), suffix },
    ]),
  ),
);

/** What lies in the in bucket for these requests. */
export const OBJECTS: Readonly<Record<string, Buffer>> = {
  'photo.jpg': PHOTO,
  // Wants the PDF of the one before.
  'photo.jpeg': PHOTO,
  'UPPER.JPEG': PHOTO,
  'no-ending': PHOTO,
  'folder/a b+c&d=é 写.jpg': PHOTO,
  'empty.jpg': Buffer.alloc(0),
  'text.jpg': BAD.text ?? Buffer.alloc(0),
  'half.jpg': BAD['a JPEG cut in half'] ?? Buffer.alloc(0),
  'huge.jpg': BAD['a JPEG that claims 60 million pixels'] ?? Buffer.alloc(0),
};

const names = [
  ...Object.keys(OBJECTS),
  'none.jpg',
  '',
  '.',
  '..',
  'line\nbreak',
  'x'.repeat(1025),
  `${'é'.repeat(512)}.jpg`,
];
const buckets = [OUT, 'no-such-bucket-here', 'Capital', 'x', '127.0.0.1', 'a..b', 'x'.repeat(64), 'gs://demo', '', 'é'];

/** v2: by name. */
export const BY_BUCKET: Readonly<Record<string, Sent>> = {
  ...Object.fromEntries(names.map((name) => [`v2: the object ${JSON.stringify(name.slice(0, 30))}`, put(form(name))])),
  ...Object.fromEntries(
    buckets.map((bucket) => [`v2: the bucket ${JSON.stringify(bucket)}`, put(form('a.jpg', bucket))]),
  ),
  'v2: the original on A4': put(`${form('photo.jpg')}&quality=original&page=a4`),
  'v2: the original, asked for in the query': put(form('photo.jpg'), FORM, '?quality=original'),
  'v2: a page that is none': put(`${form('photo.jpg')}&page=a5`),
  'v2: several in one': put(
    JSON.stringify({ bucket: IN, names: ['UPPER.JPEG', 'photo.jpg'], into: 'two.pdf' }),
    JSON_TYPE,
  ),
  'v2: several in one, as a form': put(
    new URLSearchParams({ bucket: IN, names: '["photo.jpg", "photo.jpg"]', into: 'form.pdf' }).toString(),
  ),
  'v2: several, one of them bad': put(
    JSON.stringify({ bucket: IN, names: ['photo.jpg', 'half.jpg'], into: 'bad.pdf' }),
    JSON_TYPE,
  ),
  'v2: several, the bad one left out': put(
    JSON.stringify({ bucket: IN, names: ['photo.jpg', 'half.jpg'], into: 'rest.pdf', onError: 'leave-out' }),
    JSON_TYPE,
  ),
  'v2: several without a name for them': put(JSON.stringify({ bucket: IN, names: ['photo.jpg'] }), JSON_TYPE),
  'v2: a second time': put(form('photo.jpg')),
  'v2: a generation that is none': put(`${form('photo.jpg')}&generation=newest`),
  'v2: a generation that is gone': put(`${form('no-ending')}&generation=1`),
  'v2: as JSON': put(JSON.stringify({ bucket: IN, name: 'photo.jpg' }), JSON_TYPE),
  'v2: as JSON with a byte order mark': put(`\ufeff${JSON.stringify({ bucket: IN, name: 'photo.jpg' })}`, JSON_TYPE),
  'v2: as a kind of JSON': put(JSON.stringify({ bucket: IN, name: 'photo.jpg' }), { 'content-type': 'a/b+json' }),
  'v2: as JSON of the wrong types': put('{"bucket": 1, "name": ["photo.jpg"]}', JSON_TYPE),
  'v2: as JSON null': put('{"bucket": null, "name": null}', JSON_TYPE),
  'v2: as a JSON list': put('["photo.jpg"]', JSON_TYPE),
  'v2: as half of a JSON': put('{"bucket":', JSON_TYPE),
  'v2: as JSON with NaN': put('{"bucket": NaN}', JSON_TYPE),
  'v2: as JSON with half of a surrogate pair': put(`{"bucket": "${IN}", "name": "\\ud800"}`, JSON_TYPE),
  'v2: in the query': { method: 'PUT', suffix: `?${form('photo.jpg')}` },
  'v2: in query and body: the body counts': put(form('photo.jpg'), FORM, '?name=none.jpg'),
  'v2: a name that comes twice: the last one counts': put(`${form('none.jpg')}&name=photo.jpg`),
  'v2: as text': put(form('photo.jpg'), { 'content-type': 'text/plain' }),
  'v2: without a type': put(form('photo.jpg'), {}),
  'v2: nothing': { method: 'PUT' },
  'v2: no name': put(`bucket=${IN}`),
  'v2: no bucket': put('name=photo.jpg'),
  'v2: percent signs that stand for nothing': put('bucket=a%zz&name=%'),
  'v2: bytes that are no UTF-8': put(`bucket=${IN}&name=%ff%fe.jpg`),
  'v2: another out bucket': put(`${form('photo.jpg')}&out-bucket=mine`),
  'v2: another key': put(`${form('photo.jpg')}&gcs-key=mine`),
  'v2: another endpoint': put(`${form('photo.jpg')}&gcs-endpoint=http://127.0.0.1:1`),
  'v2: settings of its own': put(`${form('photo.jpg')}&settings=mine`),
  'v2: a reserved parameter': put(`${form('photo.jpg')}&__ow_method=get`),
  'v2: an image in place of names': { method: 'PUT', headers: JPEG, body: PHOTO },
  'v2: above 1 MiB': put(`${form('photo.jpg')}&x=${'x'.repeat(1_048_576)}`),
};

/** What is neither. */
export const OTHERS: Readonly<Record<string, Sent>> = {
  'another verb: DELETE': { method: 'DELETE' },
  'another verb: PATCH': { method: 'PATCH', headers: FORM, body: form('photo.jpg') },
  'another verb: GET': { method: 'GET' },
  'another verb: HEAD': { method: 'HEAD' },
  'a preflight': {
    method: 'OPTIONS',
    headers: { origin: 'https://example.org', 'access-control-request-headers': 'content-type' },
  },
  'a preflight without wishes': { method: 'OPTIONS' },
  'a page of another origin': post(PHOTO, { ...JPEG, origin: 'https://example.org', 'sec-fetch-site': 'cross-site' }),
  'a caller from another origin': post(PHOTO, { ...JPEG, origin: 'https://example.org' }),
};
