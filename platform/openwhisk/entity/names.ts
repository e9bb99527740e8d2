/**
 * Names of entities and the paths made of them: `guest/pdfmagic/v0` is namespace, package, name.
 * Grammar after `EntityName` and `EntityPath` of Apache OpenWhisk.
 */
import { isObject, type Json } from '../../../ground/json';
import { limits } from './limits';
import { messages } from './messages';

/** In a request, the namespace of the caller. */
export const DEFAULT_NAMESPACE = '_';

const NAME = /^(?:\w|\w[\w@ .&-]*[\w@.&-])$/;

/** A place and a name in it, as rules keep them: `{path: 'guest/pkg', name: 'a'}`. */
export interface EntityReference {
  readonly path: string;
  readonly name: string;
}

/** What is wrong with a name given inside a document; becomes "The request content was malformed". */
export class NameError extends Error {}

/** True for a name that an entity may have: no leading dash, no trailing blank, nothing beyond `\w@ .&-`. */
export function isEntityName(text: string): boolean {
  return text.length <= limits.name && NAME.test(text);
}

/** Why a name in a URL is refused, or undefined when it is good. */
export function findNameProblem(segment: string): string | undefined {
  if (isEntityName(segment)) return undefined;
  return segment.length > limits.name ? messages.nameTooLong(segment.length, limits.name) : messages.nameIllegal;
}

/** Why a namespace in a URL is refused, or undefined when it is good. */
export function findNamespaceProblem(segment: string): string | undefined {
  if (isEntityName(segment)) return undefined;
  return segment.length > limits.name
    ? messages.namespaceTooLong(segment.length, limits.name)
    : messages.namespaceIllegal;
}

/** The parts of `/guest/pkg/a`, all of them good names; undefined when there is none or a bad one. */
export function parsePath(text: string): string[] | undefined {
  const parts = text.split('/').filter((part) => part !== '');
  return parts.length > 0 && parts.every(isEntityName) ? parts : undefined;
}

function resolve(parts: readonly string[], namespace: string): EntityReference {
  const [root = '', ...rest] = parts;
  const all = [root === DEFAULT_NAMESPACE ? namespace : root, ...rest];
  return { path: all.slice(0, -1).join('/'), name: all.at(-1) ?? '' };
}

/**
 * A fully qualified name inside a document: `/_/a`, `/guest/pkg/a`, or `{path, name}`.
 * @throws NameError with OpenWhisk's text
 */
export function parseReference(value: Json, namespace: string): EntityReference {
  if (typeof value === 'string') {
    const parts = value.split('/').filter((part) => part !== '');
    if (parts.length === 0) throw new NameError('requirement failed: path undefined');
    if (!parts.every(isEntityName)) throw new NameError(messages.pathInvalid(parts));
    if (parts.length < 2) throw new NameError(messages.nameNotFullyQualified);
    return resolve(parts, namespace);
  }
  if (isObject(value)) {
    const path = typeof value.path === 'string' ? parsePath(value.path) : undefined;
    if (path && typeof value.name === 'string' && isEntityName(value.name)) {
      return resolve([...path, value.name], namespace);
    }
  }
  throw new NameError('fully qualified name malformed');
}

/** `guest/pkg/a`: the identity of an entity. */
export function makeDocumentId(reference: EntityReference): string {
  return `${reference.path}/${reference.name}`;
}

/** The reference behind a document id. */
export function referenceOf(id: string): EntityReference {
  const at = id.lastIndexOf('/');
  return { path: id.slice(0, at), name: id.slice(at + 1) };
}

/** The namespace of a path: `guest` of `guest/pkg`. */
export function rootOf(path: string): string {
  const at = path.indexOf('/');
  return at < 0 ? path : path.slice(0, at);
}
