/** What must outlive what: Pulumi deletes a resource only after all that need it, so the order is in the graph. */
import type { Recorded } from './recording';

/** The resource of this type and, if given, name. @throws Error unless there is exactly one */
export function only(resources: readonly Recorded[], type: string, name?: string): Recorded {
  const found = all(resources, type).filter((each) => name === undefined || each.name === name);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  throw new Error(
    `${found.length} of ${type} ${name ?? ''}; there are ${resources.map((r) => `${r.type} ${r.name}`).join(', ')}`,
  );
}

/** All resources of a type. */
export function all(resources: readonly Recorded[], type: string): Recorded[] {
  return resources.filter((each) => each.type === type);
}

/** URNs of all that `resource` needs, directly or not: created before it, and deleted after it. */
export function needsOf(resources: readonly Recorded[], resource: Recorded): Set<string> {
  const byUrn = new Map(resources.map((each) => [each.urn, each]));
  const found = new Set<string>();
  const visit = (each: Recorded): void => {
    for (const urn of each.needs) {
      if (found.has(urn)) continue;
      found.add(urn);
      const next = byUrn.get(urn);
      if (next !== undefined) visit(next);
    }
  };
  visit(resource);
  return found;
}

/** True when `first` is deleted before `second`, in every destroy. */
export function deletedBefore(resources: readonly Recorded[], first: Recorded, second: Recorded): boolean {
  return needsOf(resources, first).has(second.urn);
}
