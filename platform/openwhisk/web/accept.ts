/** Content negotiation by the `Accept` header (RFC 9110, 12.5.1), as strict as OpenWhisk's controller. */
import { TOKEN } from './media-type';

interface MediaRange {
  readonly main: string;
  readonly sub: string;
  readonly quality: number;
  /** 0 for one type, 1 for `type/*`, 2 for any type: the most specific range that matches decides. */
  readonly generality: number;
}

const RANGE = new RegExp(`^(${TOKEN})/(${TOKEN})$`);

function parseRange(text: string): MediaRange | undefined {
  const [essence = '', ...parameters] = text.split(';').map((part) => part.trim());
  const parts = RANGE.exec(essence.toLowerCase());
  const [, main, sub] = parts ?? [];
  if (main === undefined || sub === undefined || (main === '*' && sub !== '*')) return undefined;
  const weight = parameters.find((parameter) => /^q\s*=/i.test(parameter));
  const quality = weight === undefined ? 1 : Number(weight.slice(weight.indexOf('=') + 1));
  if (!(quality >= 0 && quality <= 1)) return undefined;
  return { main, sub, quality, generality: main === '*' ? 2 : sub === '*' ? 1 : 0 };
}

/**
 * Whether a caller who sent this `Accept` value takes an answer of a type (`image/jpeg`, without parameters).
 * No header, or one with a malformed part, accepts everything.
 */
export function accepts(accept: string | undefined, essence: string): boolean {
  if (accept === undefined || accept === '*/*') return true;
  const ranges: MediaRange[] = [];
  for (const text of accept.split(',')) {
    if (text.trim() === '') continue;
    const range = parseRange(text);
    if (!range) return true;
    ranges.push(range);
  }
  if (ranges.length === 0) return true;
  const [main, sub] = essence.split('/');
  const matching = ranges.filter((r) => r.main === '*' || (r.main === main && (r.sub === '*' || r.sub === sub)));
  const specific = Math.min(...matching.slice(0, 1000).map((r) => r.generality));
  return matching.some((r) => r.generality === specific && r.quality > 0);
}
