/** Target `kubernetes`: OpenWhisk installed on a cluster that exists already. */
import * as pulumi from '@pulumi/pulumi';
import type { KubernetesConfig } from './config';
import { readKubeconfig } from './kubeconfig';
import { installOpenWhisk } from './openwhisk-release';
import type { Platform } from './platform';

/** Installs OpenWhisk on the cluster of the kubeconfig. @throws pulumi.RunError when that file is of no use. */
export function kubernetesPlatform(config: KubernetesConfig): Platform {
  const kubeconfig = readKubeconfig(config.kubeconfig, config.kubeContext);
  const openwhisk = installOpenWhisk({
    student: config.student,
    kubeconfig: pulumi.secret(kubeconfig),
    apihost: pulumi.output(config.apihost),
    ingress: { type: config.ingress },
    release: config.release,
    dependsOn: [],
  });
  return {
    ...openwhisk,
    runtime:
      config.runtime.image === undefined ? { ...config.runtime, repository: repositoryOf(config) } : config.runtime,
  };
}

function repositoryOf({ runtime }: KubernetesConfig): pulumi.Output<string> {
  if (runtime.image !== undefined || runtime.registry === undefined) throw new Error('no registry in the config');
  return pulumi.output(runtime.registry);
}
