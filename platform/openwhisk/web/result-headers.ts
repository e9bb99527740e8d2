/** Headers that an action's result asks for, checked before they reach a socket. */
import { Buffer } from 'node:buffer';
import { isObject, type Json } from '../../../ground/json';
import { TOKEN } from './media-type';

/** A result that is no HTTP message. */
export class InvalidMessage extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'InvalidMessage';
  }
}

/** The server's own business; an action that sets them is not heard, as in OpenWhisk. */
const SUPPRESSED = new Set([
  ...['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'trailer', 'date', 'server'],
  'x-openwhisk-activation-id',
]);

const NAME = new RegExp(`^${TOKEN}$`);
/** Line ends would let an action forge headers, other control characters break clients. */
const CONTROL = /(?!\t)\p{Cc}/u;

function listHeaderValues(name: string, value: Json): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((inner) => listHeaderValues(name, inner));
  if (value === null || isObject(value)) throw new InvalidMessage(`header '${name}' is no text`);
  const text = String(value);
  if (!NAME.test(name) || CONTROL.test(text)) throw new InvalidMessage(`header '${name}' is malformed`);
  // A header is bytes: other than ASCII travels as UTF-8, one character per byte.
  return [[name, /^\p{ASCII}*$/u.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')]];
}

/**
 * The `headers` of a result as a list; an array value becomes several headers.
 * @throws InvalidMessage for anything that cannot be a header
 */
export function readResultHeaders(headers: Json | undefined): [string, string][] {
  if (headers === undefined) return [];
  if (!isObject(headers)) throw new InvalidMessage('headers are no object');
  return Object.entries(headers)
    .flatMap(([name, value]) => listHeaderValues(name, value))
    .filter(([name]) => !SUPPRESSED.has(name.toLowerCase()));
}
