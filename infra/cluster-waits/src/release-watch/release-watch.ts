import { DynamicResource, providerOf } from '@pdfmagic/openwhisk/dynamic-resource';
import * as pulumi from '@pulumi/pulumi';

/** Arguments of a {@link ReleaseWatch}. */
export interface ReleaseWatchArgs {
  /** Content of a kubeconfig; kept as a secret. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly namespace: pulumi.Input<string>;
  /** Name of the Helm release. */
  readonly release: pulumi.Input<string>;
  /** Minutes. */
  readonly timeout: pulumi.Input<number>;
  /** What gives a pod room (larger nodes, say), in words for a user: a part of the error when no node has any. */
  readonly moreRoom?: pulumi.Input<string> | undefined;
  /** How the time limit is raised, in words for a user: a part of the error when time is over. */
  readonly moreTime?: pulumi.Input<string> | undefined;
  /** Anything that changes with the release's values; kept as a secret. */
  readonly values: pulumi.Input<string>;
}

/**
 * Watches a Helm release that is being installed or upgraded by somebody else, and when that fails or takes too long says
 * which pod, job or volume claim is at fault, and why. Register it beside the release, not after it: a failed release
 * keeps everything after it from being reached.
 */
export class ReleaseWatch extends DynamicResource {
  constructor(name: string, args: ReleaseWatchArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, kubeconfig: pulumi.secret(args.kubeconfig), values: pulumi.secret(args.values) };
    const merged = pulumi.mergeOptions(options, { additionalSecretOutputs: ['kubeconfig', 'values'] });
    super(provider, name, inputs, merged, 'cluster-waits', 'ReleaseWatch');
  }
}

const provider = providerOf('@pdfmagic/cluster-waits/providers', 'releaseWatch', ['check', 'create', 'update']);
