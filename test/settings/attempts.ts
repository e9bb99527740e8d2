/** How a caller may try to set a parameter of an action: what to, and by which way. */
import http from 'node:http';
import type { JsonObject } from '../../ground/json';
import { newServiceAccount } from '../actions/keys';
import type { Listener } from './listener';

/** A request over HTTP. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Where an action is asked: `url` without a query; what goes with each request. */
export interface Door {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without which the action would not get far. */
  readonly given: JsonObject;
}

/** One for all, since a key takes a tenth of a second to make; a short one, so that all names with it fit into a request. */
const ACCOUNT = newServiceAccount('', 1024);

/** Values that would lead an action elsewhere; each is tried on every name. */
export function valuesFor(listener: Listener): Record<string, JsonObject[string]> {
  const key = { ...ACCOUNT.key, token_uri: `${listener.url}/token` };
  return {
    'a URL': listener.url,
    'a secure URL': listener.secureUrl,
    true: true,
    'true as text': 'true',
    'a certificate': listener.certificate.cert,
    'a key': JSON.stringify(key),
    'settings of its own': { 'gcs-endpoint': listener.url, 'gcs-key': key, 'feed-url': listener.url, insecure: true },
  };
}

const FORM = 'application/x-www-form-urlencoded';
/** They belong to the transport, or say what the body is. */
const NO_HEADER = /^(host|connection|upgrade|content-|transfer-|te$|trailer|expect|authorization|accept|x-require-)/i;
/** Bytes of a query, path or headers that a server takes. */
const LINE = 28_000;

/** The requests that set `names` to `value`, by the way's name. What a way cannot carry is not tried by it. */
export function attempts(
  door: Door,
  names: readonly string[],
  value: JsonObject[string],
): Record<string, Sent> & { readonly json: Sent } {
  const json = { ...door.given, ...Object.fromEntries(names.map((name) => [name, value])) };
  const body = (type: string, text: string | Buffer): Sent => ({
    ...{ method: door.method, url: door.url, body: text },
    headers: { ...door.headers, 'content-type': type },
  });
  const whole = JSON.stringify(json);
  const bodies = { json: body('application/json', whole), 'JSON as text': body('text/plain', whole) };
  if (typeof value !== 'string') return bodies;
  const form = formOf(json);
  const base = `${door.url}?${formOf(door.given)}`;
  const plain = { method: door.method, headers: door.headers ?? {} };
  const path = names.map((name) => `/${name}/${encodeURIComponent(value)}`).join('');
  const headers = Object.fromEntries(names.filter((name) => !NO_HEADER.test(name)).map((name) => [name, value]));
  return {
    ...bodies,
    form: body(FORM, form),
    'a form as text': body('text/plain', form),
    'a form as bytes': body('application/octet-stream', Buffer.from(form)),
    ...(form.length < LINE && { query: { ...plain, url: `${door.url}?${form}` } }),
    ...(path.length < LINE && { path: { ...plain, url: `${door.url}${path}?${formOf(door.given)}` } }),
    ...(!/[\r\n]/.test(value) &&
      JSON.stringify(headers).length < LINE && {
        header: { ...plain, url: base, headers: { ...headers, ...door.headers } },
      }),
  };
}

function formOf(fields: JsonObject): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  return form.toString();
}

/** What came back: the status, and all of it as one text. */
export interface Came {
  readonly status: number;
  readonly text: string;
}

/** Sends it. */
export function send({ method, url, headers = {}, body }: Sent): Promise<Came> {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, agent: false, headers: { ...headers, ...length } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        const text = `${JSON.stringify(answer.headers)}\n${Buffer.concat(chunks).toString('latin1')}`;
        resolve({ status: answer.statusCode ?? 0, text });
      });
    });
    request.once('error', reject);
    request.end(body);
  });
}
