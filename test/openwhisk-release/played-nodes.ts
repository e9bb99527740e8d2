/**
 * What a cluster has beside its API server and its controllers: a scheduler, nodes that run pods, disks and a load balancer. Played: no
 * container starts. A pod waits, as with a real kubelet, for the node, ConfigMaps, Secrets and claims that it names.
 */
import { CoreV1Api, type KubeConfig, StorageV1Api, type V1Pod, type V1PodStatus } from '@kubernetes/client-node';

const NODE = 'invoker-0';
/** Milliseconds between two looks. */
const PAUSE = 500;
/** Where GKE's controller finds the reserved address; named here by the address itself. */
const ADDRESS = 'networking.gke.io/load-balancer-ip-addresses';

/** Nodes at work. */
export interface PlayedNodes {
  /** Images of all containers that have run, each with its tag or digest. */
  readonly images: ReadonlySet<string>;
  stop(): Promise<void>;
}

/**
 * Makes one invoker node and the default kind of disk, and plays the rest until it is stopped.
 * @param address of a Service whose annotation names a reserved address
 */
export async function playNodes(config: KubeConfig, address?: string): Promise<PlayedNodes> {
  const core = config.makeApiClient(CoreV1Api);
  await core.createNode({ body: { metadata: { name: NODE, labels: { 'openwhisk-role': 'invoker' } } } });
  // Every node begins as one that is not ready, and gets no DaemonSet's pods until that is taken off.
  const node = await core.readNode({ name: NODE });
  await core.replaceNode({ name: NODE, body: { ...node, spec: { ...node.spec, taints: [] } } });
  await config.makeApiClient(StorageV1Api).createStorageClass({
    body: {
      metadata: { name: 'standard-rwo', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'pd.csi.storage.gke.io',
      reclaimPolicy: 'Delete',
    },
  });
  const images = new Set<string>();
  let running = true;
  const played = (async () => {
    while (running) {
      // Another one may have changed what is being changed here: the next look sees it.
      for (const look of [movePods, giveDisks, giveAddress]) await look().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  })();

  async function movePods(): Promise<void> {
    const { items } = await core.listPodForAllNamespaces();
    for (const pod of items) await movePod(pod).catch(() => undefined);
  }

  async function movePod(pod: V1Pod): Promise<void> {
    const { name = '', namespace = '', deletionTimestamp } = pod.metadata ?? {};
    if (deletionTimestamp !== undefined) {
      await core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 });
    } else if (pod.spec?.nodeName === undefined) {
      const body = { metadata: { name }, target: { apiVersion: 'v1', kind: 'Node', name: NODE } };
      if (await hasAll(pod)) await core.createNamespacedPodBinding({ name, namespace, body });
    } else if (pod.status?.phase === 'Pending') {
      for (const { image } of pod.spec.containers) if (image !== undefined) images.add(image);
      await core.replaceNamespacedPodStatus({ name, namespace, body: { ...pod, status: statusOf(pod) } });
    }
  }

  /** Whether everything is there that a kubelet mounts before it starts a container. */
  async function hasAll({ metadata, spec }: V1Pod): Promise<boolean> {
    const namespace = metadata?.namespace ?? '';
    const wanted = (spec?.volumes ?? []).flatMap(({ configMap, secret, persistentVolumeClaim: claim }) => [
      ...(configMap?.name === undefined || configMap.optional
        ? []
        : [core.readNamespacedConfigMap({ namespace, name: configMap.name }).then(() => true)]),
      ...(secret?.secretName === undefined || secret.optional
        ? []
        : [core.readNamespacedSecret({ namespace, name: secret.secretName }).then(() => true)]),
      ...(claim === undefined
        ? []
        : [
            core
              .readNamespacedPersistentVolumeClaim({ namespace, name: claim.claimName })
              .then(({ status }) => status?.phase === 'Bound'),
          ]),
    ]);
    const found = await Promise.all(wanted.map((each) => each.catch(() => false)));
    return found.every(Boolean);
  }

  async function giveDisks(): Promise<void> {
    const [claims, volumes] = [
      await core.listPersistentVolumeClaimForAllNamespaces(),
      await core.listPersistentVolume(),
    ];
    for (const { metadata, spec } of claims.items) {
      const { name, namespace, uid = '' } = metadata ?? {};
      const disk = `pvc-${uid}`;
      if (spec?.volumeName !== undefined || volumes.items.some((volume) => volume.metadata?.name === disk)) continue;
      const body = {
        metadata: { name: disk },
        spec: {
          ...(spec?.resources?.requests && { capacity: spec.resources.requests }),
          ...(spec?.accessModes && { accessModes: spec.accessModes }),
          ...(spec?.storageClassName && { storageClassName: spec.storageClassName }),
          persistentVolumeReclaimPolicy: 'Delete',
          claimRef: { kind: 'PersistentVolumeClaim', ...(name && { name }), ...(namespace && { namespace }), uid },
          csi: { driver: 'pd.csi.storage.gke.io', volumeHandle: `projects/p/zones/z/disks/${disk}` },
        },
      };
      await core.createPersistentVolume({ body });
    }
    for (const { metadata, status } of volumes.items)
      if (status?.phase === 'Released') await core.deletePersistentVolume({ name: metadata?.name ?? '' });
  }

  async function giveAddress(): Promise<void> {
    if (address === undefined) return;
    const { items } = await core.listServiceForAllNamespaces();
    for (const service of items) {
      const { metadata, spec, status } = service;
      if (spec?.type !== 'LoadBalancer' || status?.loadBalancer?.ingress !== undefined) continue;
      if (metadata?.annotations?.[ADDRESS] === undefined) continue;
      const body = { ...service, status: { loadBalancer: { ingress: [{ ip: address }] } } };
      await core.replaceNamespacedServiceStatus({
        name: metadata.name ?? '',
        namespace: metadata.namespace ?? '',
        body,
      });
    }
  }

  return {
    images,
    stop: async () => {
      running = false;
      await played;
    },
  };
}

/** Of a pod whose containers run and answer; of a Job's, when it has done its work. */
function statusOf({ metadata, spec }: V1Pod): V1PodStatus {
  const now = new Date();
  const once = metadata?.ownerReferences?.some(({ kind }) => kind === 'Job') === true;
  const state = once
    ? { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } }
    : { running: { startedAt: now } };
  return {
    phase: once ? 'Succeeded' : 'Running',
    startTime: now,
    podIP: '10.0.0.7',
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: once && /Ready$/.test(type) ? 'False' : 'True',
      lastTransitionTime: now,
    })),
    containerStatuses: (spec?.containers ?? []).map(({ name, image = '' }) => ({
      ...{ name, image, imageID: image, restartCount: 0, ready: !once, started: !once, state },
    })),
  };
}
