/** The cluster: zonal, since Google's free tier pays the fee of one such; its own default pool removed. */
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import type { StackConfig } from '../../config';
import { fitName, type GoogleCloud } from '../../parts/google-cloud';
import { type Network, RANGE_NAMES } from './network';
import type { NodeIdentity } from './node-identity';

/** Makes it. `wayOut`: what private nodes reach the internet by, from their first minute. */
export function makeCluster(
  cloud: GoogleCloud<StackConfig<'gke'>>,
  network: Network,
  { account, grants }: NodeIdentity,
  wayOut: readonly pulumi.Resource[],
): gcp.container.Cluster {
  const { student, project, zone, nodes } = cloud.config;
  const options = cloud.options('container');
  return new gcp.container.Cluster(
    'cluster',
    {
      name: fitName(40, student, 'pdfmagic'),
      project,
      location: zone,
      releaseChannel: { channel: 'REGULAR' },
      network: network.network.id,
      subnetwork: network.subnetwork.id,
      networkingMode: 'VPC_NATIVE',
      ipAllocationPolicy: {
        clusterSecondaryRangeName: RANGE_NAMES.pods,
        servicesSecondaryRangeName: RANGE_NAMES.services,
      },
      ...(nodes.privateNodes ? { privateClusterConfig: { enablePrivateNodes: true } } : {}),
      // Enforces network policies, which keep the API gateway's management from the world.
      datapathProvider: 'ADVANCED_DATAPATH',
      removeDefaultNodePool: true,
      initialNodeCount: 1,
      // The default pool lives for some minutes; even then not as the project's editor.
      nodeConfig: { serviceAccount: account.email, oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'] },
      // Otherwise `pulumi destroy` would be refused.
      deletionProtection: false,
      enableShieldedNodes: true,
      workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
      // The load balancer with a reserved address needs it.
      addonsConfig: { httpLoadBalancing: { disabled: false } },
      resourceLabels: cloud.labels,
    },
    {
      ...options,
      dependsOn: [...options.dependsOn, ...grants, ...wayOut],
      // Of the removed default pool: what Google answers later is nothing to act upon.
      ignoreChanges: ['nodeConfig', 'initialNodeCount'],
    },
  );
}
