/**
 * What the Pulumi engine sends in place of a value that is not known yet (in a preview, or when it asks what depends on
 * a resource about to be replaced). Source: `UnknownStringValue` in pulumi/sdk/go/common/resource/plugin/rpc.go.
 */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** True when the value itself is unknown. */
export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** True when the value or anything inside it is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isUnknown(value);
  return Object.values(value).some(hasUnknown);
}

/** The values along a path into a property bag, outermost first; ends where the path leaves the bag. */
export function listValuesAlong(bag: unknown, path: readonly PropertyKey[]): unknown[] {
  const values: unknown[] = [];
  let current = bag;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) break;
    current = (current as Record<PropertyKey, unknown>)[key];
    values.push(current);
  }
  return values;
}
