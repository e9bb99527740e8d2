/**
 * A reference to an entity in its one form, `/namespace/[package/]name`, with `_` for the entity's own namespace however
 * it is written. Values that are no text (not known yet) stay as they are.
 *
 * @param own The real name of one's own namespace, when it is known.
 */
export function canonicalizePath(path: unknown, own: unknown): unknown {
  if (typeof path !== 'string') return path;
  const absolute = makeAbsolute(path);
  return typeof own === 'string' && absolute.startsWith(`/${own}/`) ? `/_/${absolute.slice(own.length + 2)}` : absolute;
}

/** `name` and `package/name` with one's own namespace in front; full paths unchanged. REST wants rules and sequences so. */
export function makeAbsolute(path: string): string {
  return path.startsWith('/') ? path : `/_/${path}`;
}
