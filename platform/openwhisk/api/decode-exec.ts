/** `exec` of an action's PUT: of a known kind, a blackbox image, or a sequence. Texts after `Exec` of Apache OpenWhisk. */

import { isObject, type Json, type JsonObject } from '../../../ground/json';
import type { Runtime } from '../../invoker/contract';
import { limits } from '../entity/limits';
import { messages } from '../entity/messages';
import { makeDocumentId, parseReference } from '../entity/names';
import { MalformedContent } from './malformed';

/** What a PUT says of `exec`, before it is stored. */
export type ExecPut =
  | {
      readonly sequence: false;
      readonly kind: string;
      readonly image?: string;
      readonly code: string;
      readonly binary: boolean;
      readonly main?: string;
    }
  | { readonly sequence: true; readonly components: readonly string[] };

// Reference grammar of container images, with the digest left to the registry.
const IMAGE =
  /^(?:(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?|[A-Za-z0-9-]+:\d+)\/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9+._-]*:[0-9a-fA-F]{32,})?$/;

/** By its code: whether a character is one of base64, the padding left out. */
const IS_BASE64 = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(/[A-Za-z0-9+/]/.test(String.fromCharCode(code))),
);

/**
 * True for base64 of whole groups of four: OpenWhisk takes such code for binary, whatever the flag says. Without a regular expression,
 * which takes three times as long: 95 ms for a zip of 12 MB.
 */
function isBinaryCode(code: string): boolean {
  const text = code.trim();
  if (text.length === 0 || text.length % 4 !== 0) return false;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  for (let at = 0; at < text.length - padding; at++) if (IS_BASE64[text.charCodeAt(at)] !== 1) return false;
  return true;
}

function kindOf(asked: string, runtimes: readonly Runtime[]): string | undefined {
  const family = /^(.+):default$/.exec(asked)?.[1];
  const runtime = runtimes.find((one) => (family === undefined ? one.kind === asked : one.family === family));
  return runtime?.kind;
}

function mainOf(exec: JsonObject, kind: string): string | undefined {
  if (exec.main === undefined) return undefined;
  if (typeof exec.main === 'string') return exec.main;
  throw new MalformedContent(`if defined, 'main' be a string in 'exec' for '${kind}' actions`);
}

function decodeBlackbox(exec: JsonObject): ExecPut {
  if (typeof exec.image !== 'string') {
    throw new MalformedContent("'image' must be a string defined in 'exec' for 'blackbox' actions");
  }
  if (exec.image.length > limits.image || !IMAGE.test(exec.image))
    throw new MalformedContent('could not parse image name');
  if (exec.code !== undefined && typeof exec.code !== 'string') {
    throw new MalformedContent("'code' must be a string or attachment object defined in 'exec' for 'blackbox' actions");
  }
  const code = exec.code?.trim() === '' ? '' : (exec.code ?? '');
  const main = mainOf(exec, 'blackbox');
  return {
    sequence: false,
    kind: 'blackbox',
    image: exec.image,
    code,
    binary: isBinaryCode(code),
    ...(main === undefined ? {} : { main }),
  };
}

function decodeComponents(exec: JsonObject, namespace: string): ExecPut {
  if (exec.components === undefined) throw new MalformedContent("'components' must be defined for sequence kind");
  if (!Array.isArray(exec.components)) throw new MalformedContent("'components' must be an array");
  const ids = exec.components.map((component) => makeDocumentId(parseReference(component, namespace)));
  return { sequence: true, components: ids };
}

/**
 * Reads `exec`.
 * @param namespace stands for `_` in the names of components
 * @throws MalformedContent, NameError
 */
export function decodeExec(value: Json, runtimes: readonly Runtime[], namespace: string): ExecPut {
  if (!isObject(value)) throw new MalformedContent('JSON object expected');
  if (typeof value.kind !== 'string') throw new MalformedContent("'kind' must be a string defined in 'exec'");
  const asked = value.kind.trim().toLowerCase();
  if (asked === 'sequence') return decodeComponents(value, namespace);
  if (asked === 'blackbox') return decodeBlackbox(value);
  const kind = kindOf(asked, runtimes);
  if (kind === undefined) {
    const valid = [...runtimes.map((runtime) => runtime.kind), 'sequence', 'blackbox'];
    throw new MalformedContent(messages.runtimeNotSupported(asked, valid));
  }
  if (typeof value.code !== 'string') {
    throw new MalformedContent(`'code' must be a string or attachment object defined in 'exec' for '${kind}' actions`);
  }
  const main = mainOf(value, kind);
  const binary = isBinaryCode(value.code);
  const code = binary ? value.code.trim() : value.code;
  return { sequence: false, kind, code, binary, ...(main === undefined ? {} : { main }) };
}
