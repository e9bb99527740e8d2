/**
 * Finds the operation for a path, as OpenWhisk's API gateway does: the exact path, then one with `{name}` for a segment,
 * then the same for the nearest path above.
 */
import type { Json } from '../../../ground/json';
import { readAt } from '../web/json-value';
import { decodePercent } from '../web/percent-encoding';
import { pathsOf } from './api-document';
import { type Backend, backendsOf, corsOf, operationsOf } from './api-operations';
import { type Api, normalizeBasePath } from './api-registry';

/** A path of an API with its operations. */
export interface Resource {
  readonly api: Api;
  /** Backends by verb, in upper case. */
  readonly backends: ReadonlyMap<string, Backend>;
  readonly cors: boolean | undefined;
  /** Base path and path, split at slashes. */
  readonly segments: readonly string[];
}

/** The resource for a path, and what the path has beyond it, percent-encoded: empty or with a leading slash. */
export interface Match {
  readonly resource: Resource;
  readonly rest: string;
}

const compiled = new WeakMap<Api, readonly Resource[]>();

function resourceOf(api: Api, path: string, item: Json): Resource {
  const backend = backendsOf(api.document);
  const backends = new Map<string, Backend>();
  for (const [verb, operation] of operationsOf(item)) {
    const found = backend(readAt(operation, 'operationId'));
    if (found) backends.set(verb.toUpperCase(), found);
  }
  const base = normalizeBasePath(String(api.document.basePath)).replace(/^\/$/, '');
  const segments = `${base}${path}`.slice(1).split('/');
  return { api, backends, cors: corsOf(api.document), segments };
}

/** The resources of an API, worked out once. */
function resourcesOf(api: Api): readonly Resource[] {
  const known = compiled.get(api);
  if (known) return known;
  const resources = Object.entries(pathsOf(api.document)).map(([path, item]) => resourceOf(api, path, item));
  compiled.set(api, resources);
  return resources;
}

/** Whether a segment of a template (`{id}`, `v{n}.pdf`) stands for a segment of a path. */
function matchesSegment(template: string, segment: string): boolean {
  const open = template.indexOf('{');
  const close = template.lastIndexOf('}');
  if (open < 0 || close < open) return template === segment;
  const [before, after] = [template.slice(0, open), template.slice(close + 1)];
  return segment.length > before.length + after.length && segment.startsWith(before) && segment.endsWith(after);
}

/** `a/b` and `a/b/` are one path. */
const removeLastSlash = (segments: readonly string[]) =>
  segments.length > 1 && segments.at(-1) === '' ? segments.slice(0, -1) : segments;

const countLiterals = (resource: Resource) => resource.segments.filter((segment) => !segment.includes('{')).length;

/** The best resource for exactly these segments: the one with the most literal ones, then the oldest. */
function findBest(resources: readonly Resource[], segments: readonly string[]): Resource | undefined {
  const path = removeLastSlash(segments);
  const fitting = resources.filter((resource) => {
    const own = removeLastSlash(resource.segments);
    return own.length === path.length && own.every((template, at) => matchesSegment(template, path[at] ?? ''));
  });
  const most = Math.max(...fitting.map(countLiterals));
  return fitting.find((resource) => countLiterals(resource) === most);
}

/**
 * The resource for a path.
 * @param path below `/api/{tenant}`, percent-encoded, with a leading slash
 * @throws MalformedEncoding
 */
export function findResource(apis: readonly Api[], path: string): Match | undefined {
  const raw = path.slice(1).split('/');
  const segments = raw.map(decodePercent);
  const resources = apis.flatMap(resourcesOf);
  const exact = resources.find((resource) => resource.segments.join('/') === segments.join('/'));
  if (exact) return { resource: exact, rest: '' };
  const longest = Math.max(0, ...resources.map((resource) => resource.segments.length)) + 1;
  for (let length = Math.min(segments.length, longest); length > 0; length -= 1) {
    const resource = findBest(resources, segments.slice(0, length));
    if (resource)
      return {
        resource,
        rest: raw
          .slice(length)
          .map((segment) => `/${segment}`)
          .join(''),
      };
  }
  return undefined;
}
