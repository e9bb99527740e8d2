/**
 * Turns browsers away: a web page anywhere could otherwise read and write the buckets of whoever looks at it. One page may come
 * in, and only by signed URLs, as a real bucket with `cors` for its origin has it: the page that OpenWhisk's API host serves.
 *
 * A page's script shows itself by `Origin` or `Sec-Fetch-Site` (https://www.w3.org/TR/fetch-metadata/). That of a page whose
 * own name was pointed at this machine (DNS rebinding) is of the same origin for its browser, but the name is in `Host`.
 */
import type http from 'node:http';
import { isIPv4 } from 'node:net';
import { GoogleError } from './google-error';
import { isSigned } from './signed-url';

/** What it may do with a signed URL. */
const METHODS = ['GET', 'HEAD', 'PUT'];

/**
 * Refuses a request of a web page, other than one by a signed URL of the page that may.
 * @param listenHost the address that was asked for when the server was started
 * @param page the origin of the page that may come in; none when undefined
 * @returns the CORS headers for the answer, none for what is no page; `preflight` when they are the whole answer
 * @throws GoogleError 403 saying what is wrong with it
 */
export function admit(request: http.IncomingMessage, listenHost: string, page: string | undefined): Admission {
  refuseOtherNames(request, listenHost);
  const { origin, 'sec-fetch-site': site } = request.headers;
  const foreign = origin !== undefined || (site !== undefined && site !== 'none' && site !== 'same-origin');
  if (!foreign) return { headers: {}, preflight: false };
  const preflight = request.method === 'OPTIONS';
  const method = preflight ? request.headers['access-control-request-method'] : request.method;
  const may = origin !== undefined && origin === page && METHODS.includes(method ?? '');
  if (!may || !isSigned(request.url ?? '', Date.now())) {
    throw new GoogleError(
      403,
      'This emulator refuses requests from web pages, except from that of its OpenWhisk, with a signed URL that has not expired.',
    );
  }
  const headers = { 'access-control-allow-origin': origin, vary: 'Origin' };
  if (!preflight) return { headers: { ...headers, 'access-control-expose-headers': 'x-goog-generation' }, preflight };
  const asked = request.headers['access-control-request-headers'];
  return {
    headers: {
      ...headers,
      'access-control-allow-methods': METHODS.join(', '),
      ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
      'access-control-max-age': '600',
    },
    preflight,
  };
}

/** A request that may come in. */
export interface Admission {
  readonly headers: Readonly<Record<string, string>>;
  readonly preflight: boolean;
}

function refuseOtherNames(request: http.IncomingMessage, listenHost: string): void {
  // Only HTTP/1.0 allows a request without one, and no browser sends that.
  const { host } = request.headers;
  if (host === undefined) return;
  const name = readHostName(host);
  if (isLoopback(name) || name === listenHost.toLowerCase() || name === request.socket.localAddress) return;
  throw new GoogleError(
    403,
    `This emulator is not ${JSON.stringify(host)}. Use its address, ${listenHost}, or localhost (Host header).`,
  );
}

/** Without the port, and without the brackets of an IPv6 address (RFC 9110, section 7.2). */
function readHostName(host: string): string {
  const [, address, name] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host) ?? [];
  return (address ?? name ?? '').toLowerCase();
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}
