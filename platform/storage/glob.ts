/** `matchGlob` of a listing. Source: https://cloud.google.com/storage/docs/json_api/v1/objects/list#list-objects-and-prefixes-using-glob. */
import { GoogleError } from './google-error';

/**
 * A glob as a regular expression: `*` within a folder, `**` over folders, `?` one character that is no slash, `[a-z]`, `[!a]`,
 * `{one,other}`, and `\` before what is meant as it is.
 * @throws GoogleError 400 when it is malformed
 */
export function readGlob(glob: string): RegExp {
  let pattern = '';
  let depth = 0;
  const characters = [...glob];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '\\') {
      at += 1;
      pattern += escapeCharacter(characters[at] ?? '\\');
    } else if (character === '*') {
      const isDouble = characters[at + 1] === '*';
      if (isDouble) at += 1;
      pattern += isDouble ? '.*' : '[^/]*';
    } else if (character === '?') pattern += '[^/]';
    else if (character === '[') {
      const end = characters.indexOf(']', at + 2);
      if (end < 0) throw malformed(glob);
      pattern += classOf(characters.slice(at + 1, end).join(''));
      at = end;
    } else if (character === '{') {
      depth += 1;
      pattern += '(?:';
    } else if (character === '}' && depth > 0) {
      depth -= 1;
      pattern += ')';
    } else pattern += character === ',' && depth > 0 ? '|' : escapeCharacter(character);
  }
  if (depth > 0) throw malformed(glob);
  try {
    return new RegExp(`^(?:${pattern})$`, 'su');
  } catch {
    throw malformed(glob);
  }
}

function classOf(inside: string): string {
  const isNegated = /^[!^]/.test(inside);
  const members = (isNegated ? inside.slice(1) : inside).replace(/[\\\]^[]/g, '\\$&');
  return isNegated ? `[^/${members}]` : `[${members}]`;
}

function escapeCharacter(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function malformed(glob: string): GoogleError {
  return new GoogleError(400, `Invalid value for matchGlob: ${JSON.stringify(glob)}.`);
}
