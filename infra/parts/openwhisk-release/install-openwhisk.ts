/** OpenWhisk on a Kubernetes cluster, by its Helm chart: see README.md. */
import { createHash } from 'node:crypto';
import { InstalledKeys, OpenWhiskReady, ReleaseWatch, VolumesGone } from '@pdfmagic/cluster-waits';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { shellSetup } from '../../../contract/shell-setup';
import type { ReleaseConfig } from '../../config';
import type { Platform } from '../../platform';
import { makeCertificate } from './certificate';
import { CHART, NAMESPACE, RELEASE } from './chart';
import { MORE_ROOM, MORE_TIME } from './hints';
import { makeKeys } from './keys';
import { makeNetworkPolicies } from './network-policies';
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
  /** URL of an emulator of Cloud Storage that actions have to reach; undefined for the real one. */
  readonly storageEndpoint?: string | undefined;
  /** What must exist before anything on the cluster, and be removed after all of it: its node pools. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** An OpenWhisk that answers: what a {@link Platform} needs of it. */
export type InstalledOpenWhisk = Pick<Platform, 'apihost' | 'auth' | 'namespace' | 'ownsKey' | 'shellSetup'> & {
  readonly caCertificate: pulumi.Output<string>;
  /** For what else is put on the cluster. */
  readonly provider: kubernetes.Provider;
};

/** Installs OpenWhisk into a Kubernetes namespace of its own. The outputs are known when it answers with the key. */
export function installOpenWhisk(args: OpenWhiskArgs): InstalledOpenWhisk {
  const { kubeconfig, apihost, ingress, release } = args;
  const timeout = release.timeout;
  const keys = makeKeys({});
  const certificate = makeCertificate(apihost, {});
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

  const values = pulumi
    .all([apihost, makeAnnotations(ingress), keys.system, keys.guest, keys.couchdb.password])
    .apply(([host, annotations, systemKey, guestKey, password]) =>
      makeChartValues({
        apihost: host,
        ingress: ingress.type === 'NodePort' ? 'NodePort' : 'LoadBalancer',
        annotations,
        limits: release.limits,
        systemKey,
        guestKey,
        couchdb: { username: keys.couchdb.username, password },
      }),
    );
  const helm = new kubernetes.helm.v3.Release(
    'openwhisk',
    {
      name: RELEASE,
      namespace: NAMESPACE,
      chart: CHART.name,
      version: CHART.version,
      repositoryOpts: { repo: release.chartRepository },
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
  // Beside the release, not after it: it says which pod or job is at fault, which the release's own error does not.
  const digest = pulumi.secret(values).apply((all) => createHash('sha256').update(JSON.stringify(all)).digest('hex'));
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
  return {
    apihost: ready.apihost,
    auth: keys.guest,
    ownsKey: true,
    namespace: '_',
    caCertificate: certificate.caCertificate,
    provider,
    shellSetup: (convertUrl) =>
      pulumi.all([ready.apihost, convertUrl]).apply(([host, url]) =>
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
