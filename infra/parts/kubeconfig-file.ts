/** A kubeconfig file of the user, for a cluster that exists already. */
import { readKubeconfig } from '@pdfmagic/cluster-waits';
import * as pulumi from '@pulumi/pulumi';
import { messageOf } from '../../ground/errors';
import type { KubernetesConfig } from '../config';

/** Its content, of the one context. @throws pulumi.RunError when the file is of no use */
export function kubeconfigFile({
  kubeconfig,
  kubeContext,
}: Pick<KubernetesConfig, 'kubeconfig' | 'kubeContext'>): string {
  try {
    return readKubeconfig(kubeconfig, kubeContext);
  } catch (error) {
    throw new pulumi.RunError(messageOf(error));
  }
}
