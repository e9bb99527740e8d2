/**
 * Percent-encoding of paths, queries and forms (RFC 3986, 2.1; WHATWG `application/x-www-form-urlencoded`).
 * A `%` without two hexadecimal digits is an error; bytes that are no UTF-8 become U+FFFD.
 */
import { Buffer } from 'node:buffer';

/** A path, query or form that cannot be decoded. */
export class MalformedEncoding extends Error {
  constructor(text: string) {
    super(`Illegal percent-encoding in '${text.length > 100 ? `${text.slice(0, 100)}...` : text}'`);
    this.name = 'MalformedEncoding';
  }
}

/** Half of a surrogate pair becomes U+FFFD, as it has no UTF-8. */
const replaceLoneSurrogates = (text: string) => Buffer.from(text, 'utf8').toString('utf8');

/**
 * Decodes one path segment, or one name or value of a query.
 * @throws MalformedEncoding
 */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  if (/%(?![0-9a-fA-F]{2})/.test(text)) throw new MalformedEncoding(text);
  try {
    return decodeURIComponent(text);
  } catch {
    const latin1 = text
      .replace(/\P{ASCII}+/gu, (c) => encodeURIComponent(replaceLoneSurrogates(c)))
      .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(latin1, 'latin1').toString('utf8');
  }
}

/**
 * Writes a path in the one form that OpenWhisk hands to actions: `/`, unreserved characters, sub-delimiters, `:` and `@`
 * stand for themselves, everything else is encoded.
 * @throws MalformedEncoding
 */
export function normalizePath(path: string): string {
  if (/^[/\w.~-]*$/.test(path)) return path;
  return path
    .split('/')
    .map((segment) =>
      encodeURIComponent(replaceLoneSurrogates(decodePercent(segment))).replace(
        /%(?:24|26|2B|2C|3A|3B|3D|40)/g,
        decodeURIComponent,
      ),
    )
    .join('/');
}

/**
 * Names and values of a query string (without `?`) or a form, decoded, in order.
 * @throws MalformedEncoding
 */
export function parseQuery(query: string): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const piece of query.split('&')) {
    if (piece === '') continue;
    const text = piece.includes('+') ? piece.replaceAll('+', ' ') : piece;
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    pairs.push([decodePercent(name), equals < 0 ? '' : decodePercent(text.slice(equals + 1))]);
  }
  return pairs;
}
