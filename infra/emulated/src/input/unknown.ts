/**
 * What the Pulumi engine sends in place of a value that is not known yet. Source: `UnknownStringValue` in
 * pulumi/sdk/go/common/resource/plugin/rpc.go.
 */
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** True when the value or anything inside it is not known yet. */
export function isUnknown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === UNKNOWN;
  return Object.values(value).some(isUnknown);
}
