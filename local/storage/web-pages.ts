/**
 * Turns browsers away: a web page anywhere could otherwise read and write the buckets of whoever looks at it.
 *
 * A page's script shows itself by `Origin` or `Sec-Fetch-Site` (https://www.w3.org/TR/fetch-metadata/). That of a page whose
 * own name was pointed at this machine (DNS rebinding) is of the same origin for its browser, but the name is in `Host`.
 */
import type http from 'node:http';
import { isIPv4 } from 'node:net';
import { GoogleError } from './google-error';

/**
 * Refuses a request of a web page.
 * @param listenHost the address that was asked for when the server was started
 * @throws GoogleError 403 saying what is wrong with it
 */
export function refuseWebPages(request: http.IncomingMessage, listenHost: string): void {
  const site = request.headers['sec-fetch-site'];
  const foreign =
    request.headers.origin !== undefined || (site !== undefined && site !== 'none' && site !== 'same-origin');
  if (foreign) throw new GoogleError(403, 'This emulator does not take requests from web pages.');
  // Only HTTP/1.0 allows a request without one, and no browser sends that.
  const { host } = request.headers;
  if (host === undefined) return;
  const name = hostName(host);
  if (isLoopback(name) || name === listenHost.toLowerCase() || name === request.socket.localAddress) return;
  throw new GoogleError(
    403,
    `This emulator is not ${JSON.stringify(host)}. Ask it by its address, ${listenHost}, or as localhost (Host header).`,
  );
}

/** Without the port, and without the brackets of an IPv6 address (RFC 9110, section 7.2). */
function hostName(host: string): string {
  const [, address, name] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host) ?? [];
  return (address ?? name ?? '').toLowerCase();
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}
