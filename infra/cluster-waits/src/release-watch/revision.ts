/** What Helm keeps of a release on the cluster. */
import { setHeaderOptions } from '@kubernetes/client-node';
import type { Cluster } from '../cluster/connect';

/** One installation or upgrade of a release. */
export interface Revision {
  readonly number: number;
  /** `pending-install`, `pending-upgrade`, `deployed`, `failed`, ... (helm.sh/helm/v3, pkg/release/status.go). */
  readonly status: string;
  /** Milliseconds since 1970; undefined when the cluster does not say. */
  readonly begun: number | undefined;
}

/**
 * Names and labels are enough: such a Secret holds the whole release with its values, up to 1 MB.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;q=0.9';

/**
 * The newest revision of a release; undefined when there is none. Helm keeps each in a Secret
 * `sh.helm.release.v1.<release>.v<number>` whose labels tell the rest (helm.sh/helm/v3, pkg/storage/driver/secrets.go).
 */
export async function findNewestRevision({ core, namespace }: Cluster, release: string): Promise<Revision | undefined> {
  const { items } = await core.listNamespacedSecret(
    { namespace, labelSelector: `owner=helm,name=${release}` },
    setHeaderOptions('Accept', METADATA_ONLY),
  );
  // An empty list of metadata alone has null for items.
  const revisions = (items ?? []).map(({ metadata: { labels = {}, creationTimestamp } = {} }) => ({
    number: Number(labels.version ?? 0),
    status: labels.status ?? 'unknown',
    // Not the label modifiedAt: Helm carries that of an earlier revision over to a new one.
    begun: creationTimestamp === undefined ? undefined : new Date(creationTimestamp).getTime(),
  }));
  return revisions.sort((a, b) => b.number - a.number)[0];
}

/** Name of the Secret of a revision. */
export function secretOf(release: string, { number }: Revision): string {
  return `sh.helm.release.v1.${release}.v${number}`;
}
