/** What a cluster tells of its objects: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
import type { CoreV1Event } from '@kubernetes/client-node';

/** The events of a namespace. */
export class Events {
  private readonly newestFirst: readonly CoreV1Event[];

  constructor(events: readonly CoreV1Event[]) {
    this.newestFirst = [...events].sort((a, b) => timeOf(b) - timeOf(a));
  }

  /** The newest message about an object, of one of these reasons; without reasons, the newest warning. */
  about(kind: string, name: string | undefined, ...reasons: readonly string[]): string | undefined {
    const found = this.newestFirst.find(
      ({ involvedObject, reason, type }) =>
        involvedObject.kind === kind &&
        involvedObject.name === name &&
        (reasons.length === 0 ? type === 'Warning' : reasons.includes(reason ?? '')),
    );
    return found?.message?.trim() || undefined;
  }

  /** Owners of pods (`ReplicaSet`, `StatefulSet`, `Job`) that could not make one. */
  refusedOwners(): { kind: string; name: string; why: string }[] {
    const refused = this.newestFirst.filter(({ reason, type }) => reason === 'FailedCreate' && type === 'Warning');
    const newest = new Map(refused.reverse().map((event) => [event.involvedObject.name, event]));
    return [...newest.values()].flatMap(({ involvedObject: { kind, name }, message }) =>
      kind === undefined || name === undefined ? [] : [{ kind, name, why: message ?? 'its pods are refused' }],
    );
  }
}

function timeOf({ lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  return new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime();
}
