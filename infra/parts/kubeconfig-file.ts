/** A kubeconfig file of the user, for a cluster that already exists. */
import { readKubeconfig } from '@pdfmagic/cluster-waits';
import * as pulumi from '@pulumi/pulumi';
import { messageOf } from '../../ground/errors';
import type { ClusterConfig } from '../config';

/** Which config keys name another one. */
export const KUBECONFIG_HINTS = {
  otherFile: 'Set another one with `pulumi config set kubeconfig PATH`.',
  otherContext: 'Choose one with `pulumi config set kubeContext NAME`.',
};

/** Its content, of the one context. @throws pulumi.RunError when the file is of no use */
export function readKubeconfigFile({ kubeconfig, kubeContext }: ClusterConfig): string {
  try {
    return readKubeconfig(kubeconfig, kubeContext, KUBECONFIG_HINTS);
  } catch (error) {
    throw new pulumi.RunError(messageOf(error));
  }
}
