/** Keys of the stack config. */

/** A key as the SDK wants it: `project:key`. */
export function fullKey(key: string, project: string): string {
  return key.includes(':') ? key : `${project}:${key}`;
}
