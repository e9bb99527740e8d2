/** The feed on a Kubernetes cluster: one pod, which OpenWhisk's actions reach by a Service. */
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { FeedCredentials } from './identity';
import { letOnlyActionsReach } from './network-policy';
import { describePod, FEED, FEED_LABELS, FEED_PORT, type FeedPodArgs } from './pod';

/** What is deployed. */
export interface DeploymentArgs extends Omit<FeedPodArgs, 'secret' | 'serviceAccount' | 'hasKey'> {
  readonly student: string;
  /** The Kubernetes namespace, which is made. */
  readonly namespace: string;
  /** The key of OpenWhisk, `UUID:KEY`: a secret. */
  readonly auth: pulumi.Input<string>;
  readonly credentials: FeedCredentials;
  /** The Kubernetes namespace of OpenWhisk; undefined when it is not known. */
  readonly openwhiskNamespace: string | undefined;
  readonly provider: kubernetes.Provider;
  /** What must exist before, and be removed after. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Deploys it. @returns its URL, as actions reach it, known when it is ready */
export function deployFeed(args: DeploymentArgs): pulumi.Output<string> {
  const { provider, credentials, caCertificate } = args;
  const labels = FEED_LABELS;
  const namespace = new kubernetes.core.v1.Namespace(
    FEED,
    {
      metadata: {
        name: args.namespace,
        labels: { student: args.student, 'pod-security.kubernetes.io/enforce': 'restricted' },
      },
    },
    { provider, dependsOn: [...args.dependsOn] },
  );
  const inNamespace = { provider, dependsOn: [namespace] };
  const metadata = { name: FEED, namespace: args.namespace };
  const policy = letOnlyActionsReach(FEED, args.namespace, labels, FEED_PORT, args.openwhiskNamespace, inNamespace);
  const serviceAccount = new kubernetes.core.v1.ServiceAccount(
    FEED,
    { metadata: { ...metadata, annotations: { ...credentials.annotations } }, automountServiceAccountToken: false },
    inNamespace,
  );
  const secret = new kubernetes.core.v1.Secret(
    FEED,
    {
      // Named by Pulumi: another content is another Secret, so that the pod is replaced along.
      metadata: { namespace: args.namespace },
      immutable: true,
      stringData: pulumi.secret({
        auth: args.auth,
        ...(caCertificate === undefined ? {} : { 'ca.pem': caCertificate }),
        ...(credentials.key === undefined ? {} : { 'key.json': credentials.key }),
      }),
    },
    inNamespace,
  );
  const deployment = new kubernetes.apps.v1.Deployment(
    FEED,
    {
      metadata: { ...metadata, labels },
      spec: {
        replicas: 1,
        // Never two: only one of them would hear that the trigger ends.
        strategy: { type: 'Recreate' },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: describePod({
            ...args,
            secret: secret.metadata.name,
            serviceAccount: serviceAccount.metadata.name,
            hasKey: credentials.key !== undefined,
          }),
        },
      },
    },
    { provider, dependsOn: [namespace, policy, ...credentials.ready, ...args.dependsOn] },
  );
  const service = new kubernetes.core.v1.Service(
    FEED,
    { metadata, spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] } },
    inNamespace,
  );
  return pulumi.all([service.id, deployment.id]).apply(() => `http://${FEED}.${args.namespace}.svc`);
}
