/** A GKE cluster with OpenWhisk on it, and the feed that fires its trigger: see README.md. */
import * as pulumi from '@pulumi/pulumi';
import type { StackConfig } from '../../config';
import { buildFeedImage } from '../../parts/events/feed-image';
import { makeEvents } from '../../parts/events/make-events';
import {
  alertOnBudget,
  type GoogleCloud,
  makeRegistry,
  makeStorage,
  mirrorDockerHub,
  openGoogleCloud,
} from '../../parts/google-cloud';
import { NAMESPACE } from '../../parts/openwhisk-release/chart';
import { installOpenWhisk } from '../../parts/openwhisk-release/install-openwhisk';
import type { Platform } from '../../platform';
import { letActionsAskMetadata, nameActions } from './action-identity';
import { reserveAddress } from './address';
import { makeCluster } from './cluster';
import { closeHttp } from './firewall';
import { writeKubeconfig } from './kubeconfig';
import { makeNat } from './nat';
import { makeNetwork } from './network';
import { makeNodeIdentity, type NodeIdentity } from './node-identity';
import { makeNodePools } from './node-pools';
import { requireTools } from './preflight';

/** Makes the cluster, installs OpenWhisk on it, makes the buckets. @throws pulumi.RunError when a tool or a login is missing */
export async function makeGkePlatform(config: StackConfig<'gke'>): Promise<Platform> {
  await requireTools(config);
  const cloud = openGoogleCloud(config);
  if (config.budget !== undefined) alertOnBudget(cloud, config.budget);
  const address = reserveAddress(cloud);
  const apihost = pulumi.interpolate`https://${config.dnsName ?? address.address}`;
  const identity = makeNodeIdentity(cloud);
  const images = await makeImages(cloud, identity);
  const network = makeNetwork(cloud);
  closeHttp(cloud, network, address);
  const cluster = makeCluster(cloud, network, identity, config.nodes.privateNodes ? [makeNat(cloud, network)] : []);
  const storage = makeStorage(cloud, config.storage, { pageOrigin: apihost, actions: nameActions(cloud, cluster) });
  const pools = makeNodePools(cloud, cluster, identity);
  const { provider, ...openwhisk } = await installOpenWhisk({
    student: config.student,
    kubeconfig: writeKubeconfig(cluster),
    clusterIdentifier: cluster.selfLink,
    apihost,
    ingress: { type: 'GoogleLoadBalancer', addressName: address.name, address: address.address },
    release: config.release,
    ...(config.release.imageMirror === undefined
      ? { ownMirror: mirrorDockerHub(cloud, { 'nodes-read-mirror': identity.account.member }) }
      : {}),
    dependsOn: [...pools, address],
  });
  if (config.storage.credentials === 'workload-identity')
    letActionsAskMetadata({ apihost: openwhisk.apihost, provider }, pools);
  const feed = makeEvents({
    cloud,
    bucket: storage.inBucket,
    deliveryAttempts: config.events.deliveryAttempts,
    image: images.feed,
    openwhisk,
    cluster: { provider, openwhiskNamespace: NAMESPACE, dependsOn: pools },
    identity: { kind: 'workload-identity', cluster },
  });
  return {
    ...openwhisk,
    address: address.address,
    runtime: images.runtime,
    storage,
    feed,
    // Whatever is in OpenWhisk goes with its cluster, also when OpenWhisk answers nobody any more.
    deletedWith: cluster,
  };
}

/** What actions run in, and the feed: ready images, or a repository to push them to. */
async function makeImages(
  cloud: GoogleCloud<StackConfig<'gke'>>,
  identity: NodeIdentity,
): Promise<{ runtime: Platform['runtime']; feed: pulumi.Output<string> }> {
  const { runtime, events } = cloud.config;
  if (runtime.image !== undefined && events.feedImage !== undefined)
    return { runtime, feed: pulumi.output(events.feedImage) };
  const repository =
    events.registry === undefined
      ? makeRegistry(cloud, { 'nodes-read-images': identity.account.member })
      : pulumi.output(events.registry);
  return {
    runtime: runtime.image === undefined ? { ...runtime, repository } : runtime,
    feed: events.feedImage === undefined ? await buildFeedImage(repository) : pulumi.output(events.feedImage),
  };
}
