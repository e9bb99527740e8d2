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
export class VolumesGone extends pulumi.dynamic.Resource {
  constructor(name: string, args: VolumesGoneArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, kubeconfig: pulumi.secret(args.kubeconfig) };
    const merged = pulumi.mergeOptions(options, { additionalSecretOutputs: ['kubeconfig'] });
    super(provider, name, inputs, merged, 'cluster-waits', 'VolumesGone');
  }
}

// Serialized into the state: one `require` a method, nothing captured.
const provider: pulumi.dynamic.ResourceProvider = {
  check: (olds, news) => require('@pdfmagic/cluster-waits/providers').volumesGone.check(olds, news),
  create: (inputs) => require('@pdfmagic/cluster-waits/providers').volumesGone.create(inputs),
  update: (id, olds, news) => require('@pdfmagic/cluster-waits/providers').volumesGone.update(id, olds, news),
  delete: (id, olds) => require('@pdfmagic/cluster-waits/providers').volumesGone.delete(id, olds),
};
