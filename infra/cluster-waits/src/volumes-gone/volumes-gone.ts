import { DynamicResource, providerOf } from '@pdfmagic/openwhisk/dynamic-resource';
import * as pulumi from '@pulumi/pulumi';

/** Arguments of {@link VolumesGone}. */
export interface VolumesGoneArgs {
  /** Content of a kubeconfig; kept as a secret. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly namespace: pulumi.Input<string>;
  /** Minutes. */
  readonly timeout: pulumi.Input<number>;
}

/**
 * Does nothing when made; when deleted, waits until the cluster has cleared away the volumes and load balancers of a
 * namespace. Make it before the namespace, so that it is deleted after it, and before the cluster: disks of a cluster
 * that is deleted too early stay, and cost.
 */
export class VolumesGone extends DynamicResource {
  constructor(name: string, args: VolumesGoneArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, kubeconfig: pulumi.secret(args.kubeconfig) };
    const merged = pulumi.mergeOptions(options, { additionalSecretOutputs: ['kubeconfig'] });
    super(provider, name, inputs, merged, 'cluster-waits', 'VolumesGone');
  }
}

const provider = providerOf('@pdfmagic/cluster-waits/providers', 'volumesGone', [
  'check',
  'create',
  'update',
  'delete',
]);
