/** Target `kubernetes`: OpenWhisk installed on a cluster that exists already. */
import { readKubeconfig } from '@pdfmagic/cluster-waits';
import * as pulumi from '@pulumi/pulumi';
import type { KubernetesConfig } from './config';
import { installOpenWhisk } from './openwhisk-release';
import type { Platform } from './platform';

/** Installs OpenWhisk on the cluster of the kubeconfig. @throws pulumi.RunError when that file is of no use. */
export function kubernetesPlatform(config: KubernetesConfig): Platform {
  const openwhisk = installOpenWhisk({
    student: config.student,
    kubeconfig: pulumi.secret(kubeconfigOf(config)),
    apihost: pulumi.output(config.apihost),
    ingress: { type: config.ingress },
    release: config.release,
    dependsOn: [],
  });
  return { ...openwhisk, runtime: runtimeOf(config) };
}

function kubeconfigOf({ kubeconfig, kubeContext }: KubernetesConfig): string {
  try {
    return readKubeconfig(kubeconfig, kubeContext);
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}

function runtimeOf({ runtime }: KubernetesConfig): Platform['runtime'] {
  if (runtime.image !== undefined) return runtime;
  if (runtime.registry === undefined) throw new Error('the config was checked to have an image or a registry');
  return { ...runtime, repository: pulumi.output(runtime.registry) };
}
