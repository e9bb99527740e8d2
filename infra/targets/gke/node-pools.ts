/** The node pools: `invoker` for the containers of actions and, unless it has `core`, for OpenWhisk itself. */
import * as gcp from '@pulumi/gcp';
import type { StackConfig } from '../../config';
import type { GoogleCloud } from '../../parts/google-cloud';
import type { NodeIdentity } from './node-identity';

/** The label that the chart's affinities go by; invokers and actions run on no node without it. No taints: actions' pods tolerate none. */
const ROLE = 'openwhisk-role';

export function makeNodePools(
  cloud: GoogleCloud<StackConfig<'gke'>>,
  cluster: gcp.container.Cluster,
  { account, grants }: NodeIdentity,
): gcp.container.NodePool[] {
  const { nodes, zone, project } = cloud.config;
  const container = cloud.options('container');
  const options = {
    ...container,
    dependsOn: [...container.dependsOn, ...grants],
    ignoreChanges: ['initialNodeCount'],
  };
  const pool = (
    role: 'core' | 'invoker',
    machineType: string,
    spot: boolean,
    size: Pick<gcp.container.NodePoolArgs, 'nodeCount' | 'autoscaling' | 'initialNodeCount'>,
  ) =>
    new gcp.container.NodePool(
      role,
      {
        name: role,
        project,
        location: zone,
        cluster: cluster.name,
        ...size,
        management: { autoRepair: true, autoUpgrade: true },
        nodeConfig: {
          machineType,
          diskType: 'pd-balanced',
          diskSizeGb: nodes.diskSize,
          spot,
          labels: { [ROLE]: role },
          resourceLabels: cloud.labels,
          serviceAccount: account.email,
          oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
          shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
          workloadMetadataConfig: { mode: 'GKE_METADATA' },
          metadata: { 'disable-legacy-endpoints': 'true' },
        },
      },
      options,
    );
  const { coreMachineType: core, invokerNodesMin: minNodeCount, invokerNodesMax: maxNodeCount } = nodes;
  return [
    // The chart's pods ask for no CPU and no memory, and only prefer other nodes than the invokers'.
    ...(core === undefined ? [] : [pool('core', core, false, { nodeCount: 1 })]),
    pool('invoker', nodes.invokerMachineType, nodes.invokerSpot, {
      initialNodeCount: minNodeCount,
      autoscaling: { minNodeCount, maxNodeCount },
    }),
  ];
}
