/**
 * JSON whose numbers keep value and kind: 9007199254740993, 1.0 and 2**63-1 come out as they went in.
 *
 * OpenWhisk's numbers are `BigDecimal`s (spray-json), JavaScript's are doubles. What a double holds unchanged stays one;
 * any other number becomes an `ExactNumber`, in the form that `BigDecimal.toString` gives it. Text is read and written by
 * `JSON` itself, at its speed: only where there is such a number, it passes through `JSON` as a string of a kind that
 * nobody can guess. (The npm package `lossless-json` parses by itself, and takes a key `__proto__` for the prototype.)
 *
 * Source: spray-json 1.3.5 (`JsonParser`: nesting, length of numbers), `java.math.BigDecimal` (canonical representation).
 */
import { ExactNumber, MARK, writeMarked } from './exact-number';
import type { Json } from './json';

export { ExactNumber } from './exact-number';

/** Characters of the longest number, as in spray-json. */
const MAX_NUMBER = 100;
/** The largest exponent of a `BigDecimal`. */
const MAX_EXPONENT = 2_147_483_647;
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g');
const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A number in the form of `BigDecimal.toString`; undefined for what is not a JSON number. */
export function canonicalize(text: string): string | undefined {
  const parts = NUMBER.exec(text);
  if (!parts) return undefined;
  const [, minus = '', whole = '', fraction = '', power = '0'] = parts;
  const exponent = Number(power);
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  const sign = digits === '0' || /^0+$/.test(digits) ? '' : minus;
  const scale = fraction.length - exponent;
  if (scale === 0) return sign + digits;
  const adjusted = digits.length - 1 - scale;
  if (scale > 0 && adjusted >= -6) {
    const padded = digits.padStart(scale + 1, '0');
    return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${sign}${mantissa}E${adjusted < 0 ? '' : '+'}${adjusted}`;
}

/** Marks a number: the text to put in its place; undefined when JavaScript keeps it as it is. */
function markNumber(token: string): string | undefined {
  if (token.length > MAX_NUMBER) {
    throw new SyntaxError(
      `Number too long:The number starting with '${token.slice(0, 20)}' had ${token.length} characters which is more than the allowed limit maxNumberCharacters = ${MAX_NUMBER}. If this is legit input consider increasing the limit.`,
    );
  }
  const exact = canonicalize(token);
  if (exact !== undefined) return exact === String(Number(token)) ? undefined : `"${MARK}${exact}"`;
  if (NUMBER.test(token)) throw new SyntaxError(`The exponent of ${token} is too large.`);
  return undefined;
}

/** The end of a string that begins before `from`: the place of its closing quote, or the end of the text. */
function findEndOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}

const isDigit = (sign: number): boolean => sign >= 0x30 && sign <= 0x39;
/** Digits, `+`, `-`, `.`, `e` and `E`. */
const isOfNumber = (sign: number): boolean =>
  isDigit(sign) || sign === 0x2b || sign === 0x2d || sign === 0x2e || sign === 0x65 || sign === 0x45;

/** A double holds as many digits of any whole number. */
const PLAIN_DIGITS = 15;

function findEndOfNumber(text: string, from: number): number {
  let at = from;
  while (isOfNumber(text.charCodeAt(at))) at += 1;
  return at;
}

/** Reads text outside of its strings: nesting is bounded, and exact numbers are marked. */
function markNumbers(text: string, depth: number): string {
  let result = '';
  let copied = 0;
  let level = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === 0x22) {
      at = findEndOfString(text, at + 1);
    } else if (sign === 0x5b || sign === 0x7b) {
      level += 1;
      if (level > depth) {
        throw new RangeError(
          `JSON input nested too deeply:JSON input was nested more deeply than the configured limit of maxNesting = ${depth}`,
        );
      }
    } else if (sign === 0x5d || sign === 0x7d) {
      level -= 1;
    } else if (sign === 0x2d || isDigit(sign)) {
      let end = at;
      while (isDigit(text.charCodeAt(end))) end += 1;
      if (end === at || end - at > PLAIN_DIGITS || isOfNumber(text.charCodeAt(end))) {
        end = findEndOfNumber(text, end);
        const marking = markNumber(text.slice(at, end));
        if (marking !== undefined) {
          result += text.slice(copied, at) + marking;
          copied = end;
        }
      }
      at = end - 1;
    }
  }
  return copied === 0 ? text : result + text.slice(copied);
}

function revive(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(MARK) ? new ExactNumber(value.slice(MARK.length)) : value;
}

/**
 * Parses JSON text.
 * @throws SyntaxError for what is not JSON, RangeError for what nests deeper than `depth`
 */
export function parseJson(text: string, depth = Number.POSITIVE_INFINITY): Json {
  const all = markNumbers(text, depth);
  return all === text ? JSON.parse(text) : JSON.parse(all, revive);
}

/** Writes JSON text; `indent` as in `JSON.stringify`. */
export function writeJson(value: unknown, indent?: number): string {
  const { text, hasMarks } = writeMarked(() => JSON.stringify(value, null, indent));
  return hasMarks ? text.replace(MARKED, '$1') : text;
}
