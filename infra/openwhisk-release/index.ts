/** OpenWhisk on a Kubernetes cluster, by its Helm chart: see README.md. */
import type * as pulumi from '@pulumi/pulumi';
import type { ReleaseConfig } from '../config';
import type { Platform } from '../platform';

/** What an OpenWhisk on a cluster is made of. */
export interface OpenWhiskArgs {
  readonly student: string;
  /** Content of a kubeconfig. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Only its change means another cluster, so that everything is made anew there; the kubeconfig's content otherwise. */
  readonly clusterIdentifier?: pulumi.Input<string>;
  /** URL at which OpenWhisk will answer: `https://HOST[:PORT]`. */
  readonly apihost: pulumi.Output<string>;
  readonly ingress:
    | { readonly type: 'NodePort' | 'LoadBalancer' }
    /** A load balancer with a reserved regional address of Google Cloud. */
    | {
        readonly type: 'GoogleLoadBalancer';
        readonly addressName: pulumi.Input<string>;
        readonly address: pulumi.Output<string>;
      };
  readonly release: ReleaseConfig;
  /** What must exist before anything on the cluster, and be removed after all of it: its node pools. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** An OpenWhisk that answers: what a {@link Platform} needs of it. */
export type InstalledOpenWhisk = Pick<Platform, 'apihost' | 'auth' | 'namespace' | 'shellSetup'> & {
  readonly caCertificate: pulumi.Output<string>;
};

/** Installs OpenWhisk into a Kubernetes namespace of its own. The outputs are known when it answers with the key. */
export declare function installOpenWhisk(args: OpenWhiskArgs): InstalledOpenWhisk;
