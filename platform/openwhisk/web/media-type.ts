/**
 * Media types as OpenWhisk's controller (Pekko HTTP) sees them: whether a body of a type is text or binary decides
 * whether it travels as a string or as base64. Source of the two lists: Pekko HTTP's registry of predefined types.
 */

/** A parsed `Content-Type` value (RFC 9110, 8.3.1). */
export interface MediaType {
  /** Lower case, `image/jpeg`. */
  readonly essence: string;
  /** Parameters other than `charset`, as `; name=value` text to be written behind the essence. */
  readonly parameters: string;
  readonly charset: string | undefined;
}

/** The grammar of a token, such as a header's name (RFC 9110, 5.6.2). */
export const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const ESSENCE = new RegExp(`^\\s*(${TOKEN})/(${TOKEN})\\s*`);
const PARAMETER = new RegExp(`\\s*;\\s*(?:(${TOKEN})=(${TOKEN}|"(?:[^"\\\\]|\\\\.)*"))?\\s*`, 'y');

/** Text types whose answers carry `; charset=UTF-8`. */
const OPEN_CHARSET = new Set([
  ...['atom+xml', 'base64', 'javascript', 'problem+xml', 'rss+xml', 'soap+xml', 'vnd.google-earth.kml+xml'].map(
    (sub) => `application/${sub}`,
  ),
  ...['x-latex', 'x-vrml', 'xhtml+xml', 'xml', 'xml-dtd'].map((sub) => `application/${sub}`),
  ...['asp', 'cache-manifest', 'calendar', 'css', 'csv', 'html', 'markdown', 'mcf', 'plain', 'richtext'].map(
    (sub) => `text/${sub}`,
  ),
  ...['tab-separated-values', 'uri-list', 'vnd.wap.wml', 'vnd.wap.wmlscript', 'x-asm', 'x-c', 'x-component'].map(
    (sub) => `text/${sub}`,
  ),
  ...['x-h', 'x-java-source', 'x-pascal', 'x-script', 'x-scriptcsh', 'x-scriptelisp', 'x-scriptksh'].map(
    (sub) => `text/${sub}`,
  ),
  ...['x-scriptlisp', 'x-scriptperl', 'x-scriptperl-module', 'x-scriptphyton', 'x-scriptrexx', 'x-scriptscheme'].map(
    (sub) => `text/${sub}`,
  ),
  ...['x-scriptsh', 'x-scripttcl', 'x-scripttcsh', 'x-scriptzsh', 'x-server-parsed-html', 'x-setext', 'x-sgml'].map(
    (sub) => `text/${sub}`,
  ),
  ...['x-speech', 'x-uuencode', 'x-vcalendar', 'x-vcard', 'xml'].map((sub) => `text/${sub}`),
]);

/** Text types that are UTF-8 by definition and name no charset. */
const FIXED_CHARSET = new Set([
  'application/json',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/problem+json',
  'application/vnd.api+json',
  'application/x-www-form-urlencoded',
  'text/event-stream',
]);

/** Types that are no text by definition: a charset that is named with them, as by `file -bi`, means nothing. */
const NEVER_TEXT = new Set([
  ...['gif', 'jpeg', 'pict', 'png', 'tiff', 'webp', 'x-icon', 'x-ms-bmp', 'x-quicktime'].map((sub) => `image/${sub}`),
  ...['gzip', 'java-archive', 'octet-stream', 'ogg', 'pdf', 'x-7z-compressed', 'x-bzip', 'x-gzip', 'x-tar', 'zip'].map(
    (sub) => `application/${sub}`,
  ),
]);

/** Parses a `Content-Type` value; undefined when it is malformed. */
export function parseMediaType(value: string): MediaType | undefined {
  const essence = ESSENCE.exec(value);
  if (!essence) return undefined;
  let parameters = '';
  let charset: string | undefined;
  PARAMETER.lastIndex = essence[0].length;
  while (PARAMETER.lastIndex < value.length) {
    const parameter = PARAMETER.exec(value);
    if (!parameter) return undefined;
    const [, name, text] = parameter;
    if (name === undefined || text === undefined) continue;
    if (name.toLowerCase() === 'charset') charset = text.replace(/^"|"$/g, '');
    else parameters += `; ${name}=${text}`;
  }
  return { essence: `${essence[1]}/${essence[2]}`.toLowerCase(), parameters, charset };
}

/** True for types whose bytes are no text: all that are known as none, or are not known and name no charset. */
export function isBinary(type: MediaType): boolean {
  if (OPEN_CHARSET.has(type.essence) || FIXED_CHARSET.has(type.essence)) return false;
  if (NEVER_TEXT.has(type.essence) || type.essence.startsWith('multipart/')) return true;
  return type.charset === undefined;
}

/** True for `application/json` and everything that ends in `+json`. */
export function isJsonFamily(type: MediaType): boolean {
  return type.essence === 'application/json' || type.essence.endsWith('+json');
}

/** The `Content-Type` of an answer of this type. Text is always UTF-8, whatever charset the action named. */
export function formatContentType(type: MediaType): string {
  const value = `${type.essence}${type.parameters}`;
  return isBinary(type) || FIXED_CHARSET.has(type.essence) ? value : `${value}; charset=UTF-8`;
}
