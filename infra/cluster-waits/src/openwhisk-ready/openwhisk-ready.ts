import { DynamicResource, providerOf } from '@pdfmagic/openwhisk/dynamic-resource';
import * as pulumi from '@pulumi/pulumi';

/** Arguments of {@link OpenWhiskReady}. */
export interface OpenWhiskReadyArgs {
  /** Content of a kubeconfig; kept as a secret. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly namespace: pulumi.Input<string>;
  /** Name of the Helm release; its nginx Service is `<release>-nginx`. */
  readonly release: pulumi.Input<string>;
  /** `https://HOST[:PORT]`. */
  readonly apihost: pulumi.Input<string>;
  /** `UUID:KEY`; kept as a secret. */
  readonly auth: pulumi.Input<string>;
  /** PEM of the CA that signed the host's certificate. */
  readonly caCertificate: pulumi.Input<string>;
  /**
   * Address that the load balancer must have got. With it the host is taken for public, so that an API gateway whose
   * management can be reached is an error, else a warning.
   */
  readonly expectedAddress?: pulumi.Input<string> | undefined;
  /** Minutes. */
  readonly timeout: pulumi.Input<number>;
  /** What gives a pod room (larger nodes, say), in words for a user: a part of the error when no node has any. */
  readonly moreRoom?: pulumi.Input<string> | undefined;
}

/** An OpenWhisk on a cluster that answers: with its key, by a certificate that verifies, at the right address. */
export class OpenWhiskReady extends DynamicResource {
  /** As given; known only when OpenWhisk answers, so what uses it comes after. */
  declare readonly apihost: pulumi.Output<string>;
  /** Address or name of the load balancer; undefined when there is none. */
  declare readonly address: pulumi.Output<string | undefined>;

  constructor(name: string, args: OpenWhiskReadyArgs, options?: pulumi.CustomResourceOptions) {
    const secrets = { kubeconfig: pulumi.secret(args.kubeconfig), auth: pulumi.secret(args.auth) };
    const inputs = { ...args, ...secrets, address: undefined };
    const merged = pulumi.mergeOptions(options, { additionalSecretOutputs: ['kubeconfig', 'auth'] });
    super(provider, name, inputs, merged, 'cluster-waits', 'OpenWhiskReady');
  }
}

const provider = providerOf('@pdfmagic/cluster-waits/providers', 'openwhiskReady', ['check', 'create', 'update']);
