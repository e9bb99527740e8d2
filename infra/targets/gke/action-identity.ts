/**
 * Who actions are on this cluster. Their pods name no service account (OpenWhisk's `WhiskPodBuilder`), so they run as `default` of
 * OpenWhisk's namespace, and GKE vouches for that one: https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity
 */
import type * as gcp from '@pulumi/gcp';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { askProjectNumber, type GoogleCloud } from '../../parts/google-cloud';
import { NAMESPACE } from '../../parts/openwhisk-release/chart';

/** The label that OpenWhisk's invoker gives to the pods of actions. */
const ACTION_PODS = { 'user-action-pod': 'true' };

/**
 * GKE's metadata server as a network policy sees it: with Dataplane V2, and before.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#network-policy
 */
const METADATA = [
  { cidr: '169.254.169.254/32', port: 80 },
  { cidr: '169.254.169.252/32', port: 988 },
] as const;

/** The identity of all actions, known once the cluster has made its pool. */
export function nameActions(cloud: GoogleCloud, cluster: gcp.container.Cluster): pulumi.Output<string> {
  const pool = `workloadIdentityPools/${cloud.config.project}.svc.id.goog`;
  return pulumi
    .all([askProjectNumber(cloud), cluster.id])
    .apply(
      ([number]) =>
        `principal://iam.googleapis.com/projects/${number}/locations/global/${pool}/subject/ns/${NAMESPACE}/sa/default`,
    );
}

/** Lets the pods of actions ask who they are: the release's own policies keep them from every address inside. */
export function letActionsAskMetadata(
  openwhisk: { readonly apihost: pulumi.Output<string>; readonly provider: kubernetes.Provider },
  dependsOn: readonly pulumi.Resource[],
): void {
  new kubernetes.networking.v1.NetworkPolicy(
    'actions-to-metadata',
    {
      metadata: {
        name: 'actions-to-metadata',
        // Once OpenWhisk answers, its namespace is there.
        namespace: openwhisk.apihost.apply(() => NAMESPACE),
      },
      spec: {
        podSelector: { matchLabels: ACTION_PODS },
        policyTypes: ['Egress'],
        egress: METADATA.map(({ cidr, port }) => ({ to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port }] })),
      },
    },
    { provider: openwhisk.provider, dependsOn: [...dependsOn] },
  );
}
