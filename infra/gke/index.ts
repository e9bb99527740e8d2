/** A GKE cluster with OpenWhisk on it, and all else that a stack has on Google Cloud: see README.md. */
import * as pulumi from '@pulumi/pulumi';
import type { GkeConfig } from '../config';
import { alertOnBudget, type GoogleCloud, makeRegistry, makeStorage, openGoogleCloud } from '../google-cloud';
import { installOpenWhisk } from '../openwhisk-release';
import type { Platform } from '../platform';
import { reserveAddress } from './address';
import { makeCluster } from './cluster';
import { kubeconfigOf } from './kubeconfig';
import { makeNetwork } from './network';
import { makeNodeIdentity, type NodeIdentity } from './node-identity';
import { makeNodePools } from './node-pools';
import { preflight } from './preflight';

/** Makes the cluster, installs OpenWhisk on it, makes the buckets. @throws pulumi.RunError when a tool or a login is missing */
export async function gkePlatform(config: GkeConfig): Promise<Platform> {
  await preflight(config);
  const cloud = openGoogleCloud(config);
  if (config.budget !== undefined) alertOnBudget(cloud, config.budget);
  const identity = makeNodeIdentity(cloud);
  const network = makeNetwork(cloud);
  const address = reserveAddress(cloud);
  const apihost = pulumi.interpolate`https://${config.dnsName ?? address.address}`;
  const storage = makeStorage(cloud, config.storage, apihost);
  const cluster = makeCluster(cloud, network, identity);
  const pools = makeNodePools(cloud, cluster, identity);
  const openwhisk = installOpenWhisk({
    student: config.student,
    kubeconfig: kubeconfigOf(cluster),
    clusterIdentifier: cluster.selfLink,
    apihost,
    ingress: { type: 'GoogleLoadBalancer', addressName: address.name, address: address.address },
    release: config.release,
    dependsOn: [...pools, address],
  });
  return { ...openwhisk, address: address.address, runtime: runtimeOf(cloud, identity), storage };
}

function runtimeOf(cloud: GoogleCloud<GkeConfig>, identity: NodeIdentity): Platform['runtime'] {
  const { runtime } = cloud.config;
  if (runtime.image !== undefined) return runtime;
  const repository =
    runtime.registry === undefined
      ? makeRegistry(cloud, { 'nodes-read-images': identity.account.member })
      : pulumi.output(runtime.registry);
  return { ...runtime, repository };
}
