/** JSON from strangers: no deeper than what the platform can write again. */
import type { Json } from '../../json';

/** True when the text nests arrays and objects deeper than `depth`; text within strings does not count. */
function isDeeper(text: string, depth: number): boolean {
  let level = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const sign = text.charCodeAt(i);
    if (inString) {
      if (sign === 0x5c) i += 1;
      else if (sign === 0x22) inString = false;
    } else if (sign === 0x22) {
      inString = true;
    } else if (sign === 0x5b || sign === 0x7b) {
      level += 1;
      if (level > depth) return true;
    } else if (sign === 0x5d || sign === 0x7d) {
      level -= 1;
    }
  }
  return false;
}

/**
 * Parses JSON text.
 * @throws SyntaxError for what is no JSON, RangeError for what nests deeper than `depth`
 */
export function parseJson(text: string, depth: number): Json {
  if (text.trim() === '') throw new SyntaxError('Unexpected end-of-input, expected JSON Value');
  // The brackets that could nest too deep are counted first: most texts have fewer than `depth` of them.
  if (text.length > depth && isDeeper(text, depth)) {
    throw new RangeError(
      `JSON input nested too deeply: JSON input was nested more deeply than the set limit of maxNesting = ${depth}`,
    );
  }
  return JSON.parse(text) as Json;
}
