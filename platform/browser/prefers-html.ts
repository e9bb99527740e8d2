/** Whether a browser asks: a person who opened the address, not a client or a script. */
import { parseAccept } from 'hono/utils/accept';

/** By its `Accept`: HTML by name, and nothing that clients of JSON ask for before it. curl, which takes anything, is no browser. */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const named = parseAccept(accept).filter(({ q }) => q > 0);
  const first = named.find(({ type }) => /^(?:text\/html|application\/(?:.*\+)?json)$/i.test(type));
  return first?.type.toLowerCase() === 'text/html';
}
