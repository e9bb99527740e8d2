/** OpenWhisk on a Kubernetes cluster, by its Helm chart: see README.md. */
import { createHash } from 'node:crypto';
import { InstalledKeys, OpenWhiskReady, ReleaseWatch, VolumesGone } from '@pdfmagic/cluster-waits';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { shellSetup } from '../../../contract/shell-setup';
import type { ReleaseConfig } from '../../config';
import type { Platform } from '../../platform';
import { makeCertificate } from './certificate';
import { INNER_APIHOST, INNER_HOSTS, NAMESPACE, RELEASE } from './chart';
import { openChart, prepareChart } from './chart-source';
import { MORE_ROOM, MORE_TIME } from './hints';
import { holdImages } from './images';
import { keepImage } from './keep-image';
import { makeKeys } from './keys';
import { makeNetworkPolicies } from './network-policies';
import { listRuntimes, RUNTIMES_FILE } from './runtimes';
import { makeChartValues } from './values';

/** How the chart's nginx is reached. */
export type Ingress =
  | { readonly type: 'NodePort' | 'LoadBalancer' }
  /** A load balancer with a reserved regional address of Google Cloud. */
  | {
      readonly type: 'GoogleLoadBalancer';
      readonly addressName: pulumi.Input<string>;
      readonly address: pulumi.Output<string>;
    };

/** What an OpenWhisk on a cluster is made of. */
export interface OpenWhiskArgs {
  readonly student: string;
  /** Content of a kubeconfig. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Only its change means another cluster, so that everything is made anew there; the kubeconfig's content otherwise. */
  readonly clusterIdentifier?: pulumi.Input<string>;
  /** URL at which OpenWhisk will answer: `https://HOST[:PORT]`. */
  readonly apihost: pulumi.Output<string>;
  readonly ingress: Ingress;
  readonly release: ReleaseConfig;
  /** Registry and folder with what Docker Hub has, made by the stack itself; the nodes may pull from there without a login. */
  readonly ownMirror?: pulumi.Input<string> | undefined;
  /** URL of an emulator of Cloud Storage that actions have to reach; undefined for the real one. */
  readonly storageEndpoint?: string | undefined;
  /** What must exist before anything on the cluster, and be removed after all of it: its node pools. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** An OpenWhisk that answers: what a {@link Platform} needs of it. */
export type InstalledOpenWhisk = Pick<
  Platform,
  'apihost' | 'auth' | 'innerApihost' | 'keepImage' | 'namespace' | 'ownsKey' | 'servesApis' | 'shellSetup'
> & {
  readonly caCertificate: pulumi.Output<string>;
  /** For what else is put on the cluster. */
  readonly provider: kubernetes.Provider;
};

/**
 * Installs OpenWhisk into a Kubernetes namespace of its own. The outputs are known when it answers with the key.
 * @throws pulumi.RunError when its chart cannot be had: before anything is made
 */
export async function installOpenWhisk(args: OpenWhiskArgs): Promise<InstalledOpenWhisk> {
  const { kubeconfig, apihost, ingress, release } = args;
  const chart = await openChart(release.chart);
  const timeout = release.timeout;
  const keys = makeKeys({});
  const certificate = makeCertificate(apihost, INNER_HOSTS, {});
  const before = { dependsOn: [...args.dependsOn] };

  const provider = new kubernetes.Provider(
    'cluster',
    {
      kubeconfig,
      enableServerSideApply: true,
      ...(args.clusterIdentifier === undefined ? {} : { clusterIdentifier: args.clusterIdentifier }),
    },
    before,
  );
  const cluster = { kubeconfig, namespace: NAMESPACE };
  // Made first, so that it is the last to be deleted: it then waits for what the cluster clears away by itself.
  const volumes = new VolumesGone('volumes', { ...cluster, timeout }, before);
  const inCluster = { provider, dependsOn: [...args.dependsOn, volumes] };
  const namespace = new kubernetes.core.v1.Namespace(
    'openwhisk',
    { metadata: { name: NAMESPACE, labels: { student: args.student } } },
    inCluster,
  );
  const inNamespace = { provider, dependsOn: [...args.dependsOn, namespace] };
  const secret = new kubernetes.core.v1.Secret(
    'nginx-certificate',
    {
      // The chart's job makes one of its own unless it finds this.
      metadata: { name: `${RELEASE}-nginx`, namespace: NAMESPACE },
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': certificate.certificate, 'tls.key': certificate.privateKey },
    },
    inNamespace,
  );
  const { storageEndpoint } = args;
  const reached = apihost.apply((url) => ({ apihost: url, storageEndpoint }));
  const policies = makeNetworkPolicies(NAMESPACE, reached, inNamespace);
  const installed = new InstalledKeys('installed-keys', {
    system: keys.system,
    guest: keys.guest,
    couchdb: keys.couchdb.password,
  });

  const images = holdImages({
    nodejs: release.nodejsImage,
    mirror: release.imageMirror ?? args.ownMirror,
    asksMirror: release.imageMirror !== undefined,
  });
  const nodejs = images.apply(({ nodejs: { name, tag } }) => `${name}:${tag}`);
  const values = pulumi
    .all([apihost, makeAnnotations(ingress), images, keys.system, keys.guest, keys.couchdb.password])
    .apply(([host, annotations, held, systemKey, guestKey, password]) =>
      makeChartValues({
        images: held,
        apihost: host,
        ingress: ingress.type === 'NodePort' ? 'NodePort' : 'LoadBalancer',
        annotations,
        limits: release.limits,
        systemKey,
        guestKey,
        couchdb: { username: keys.couchdb.username, password },
      }),
    );
  const folder = images.apply((held) => prepareChart(chart, { [RUNTIMES_FILE]: listRuntimes(chart, held.nodejs) }));
  const helm = new kubernetes.helm.v3.Release(
    'openwhisk',
    {
      name: RELEASE,
      namespace: NAMESPACE,
      chart: folder,
      values,
      timeout: timeout * 60,
      waitForJobs: true,
      skipAwait: false,
      // What failed stays, so that it can be looked at; the next `up` goes on from there.
      atomic: false,
    },
    {
      provider,
      dependsOn: [...args.dependsOn, namespace, secret, ...policies, installed],
      additionalSecretOutputs: ['values'],
      customTimeouts: { create: `${timeout + 1}m`, update: `${timeout + 1}m`, delete: `${timeout + 1}m` },
    },
  );
  const minutes = { create: `${timeout}m`, update: `${timeout}m` };
  const pods = { provider, customTimeouts: minutes, dependsOn: [...args.dependsOn, namespace] };
  const keptNodejs = keepImage('nodejs-image', nodejs, pods);
  // Beside the release, not after it: it says which pod or job is at fault, which the release's own error does not.
  const digest = pulumi
    .all([pulumi.secret(values), folder])
    .apply((all) => createHash('sha256').update(JSON.stringify(all)).digest('hex'));
  new ReleaseWatch(
    'release-watch',
    { ...cluster, release: RELEASE, timeout, values: digest, moreRoom: MORE_ROOM, moreTime: MORE_TIME },
    { dependsOn: [...args.dependsOn, namespace, installed] },
  );
  const ready = new OpenWhiskReady(
    'openwhisk-answers',
    {
      ...cluster,
      release: RELEASE,
      apihost,
      auth: keys.guest,
      caCertificate: certificate.caCertificate,
      timeout,
      moreRoom: MORE_ROOM,
      ...(ingress.type === 'GoogleLoadBalancer' ? { expectedAddress: ingress.address } : {}),
    },
    { dependsOn: [...args.dependsOn, helm] },
  );
  // OpenWhisk's own actions, which make APIs, run in that image.
  const answering = pulumi.all([ready.apihost, keptNodejs]).apply(([host]) => host);
  return {
    apihost: answering,
    innerApihost: INNER_APIHOST,
    servesApis: true,
    keepImage: (image) => keepImage('runtime-image', image, pods),
    auth: keys.guest,
    ownsKey: true,
    namespace: '_',
    caCertificate: certificate.caCertificate,
    provider,
    shellSetup: (convertUrl) =>
      pulumi.all([answering, convertUrl]).apply(([host, url]) =>
        shellSetup({
          apihost: host,
          urls: [url],
          auth: 'pulumi stack output auth --show-secrets',
          caCertificate: 'pulumi stack output caCertificate',
        }),
      ),
  };
}

/**
 * Google's load balancer takes a reserved address by name, but only with the newer controller, which must be asked for
 * when the Service is created (ingress-gce, cloud-provider-gcp).
 */
function makeAnnotations(ingress: Ingress): pulumi.Output<Record<string, string>> {
  const name = ingress.type === 'GoogleLoadBalancer' ? ingress.addressName : undefined;
  return pulumi.output(name).apply((address): Record<string, string> => {
    if (address === undefined) return {};
    return { 'cloud.google.com/l4-rbs': 'enabled', 'networking.gke.io/load-balancer-ip-addresses': address };
  });
}
