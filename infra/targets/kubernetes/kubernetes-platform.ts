/** Target `kubernetes`: OpenWhisk installed on a cluster that already exists. */
import * as pulumi from '@pulumi/pulumi';
import type { StackConfig } from '../../config';
import { makeOwnEvents } from '../../parts/events/own-events';
import { takeStorage } from '../../parts/existing-storage';
import { readKubeconfigFile } from '../../parts/kubeconfig-file';
import { NAMESPACE } from '../../parts/openwhisk-release/chart';
import { installOpenWhisk } from '../../parts/openwhisk-release/install-openwhisk';
import type { Platform } from '../../platform';

/** Installs OpenWhisk on the cluster of the kubeconfig. @throws pulumi.RunError when that file is of no use. */
export async function makeKubernetesPlatform(config: StackConfig<'kubernetes'>): Promise<Platform> {
  const { provider, ...openwhisk } = await installOpenWhisk({
    student: config.student,
    kubeconfig: pulumi.secret(readKubeconfigFile(config)),
    apihost: pulumi.output(config.apihost),
    ingress: { type: config.ingress },
    release: config.release,
    storageEndpoint: config.storage.storageEndpoint,
    dependsOn: [],
  });
  const feed =
    config.events &&
    (await makeOwnEvents(config.events, {
      student: config.student,
      inBucket: config.storage.inBucket,
      openwhisk,
      provider,
      openwhiskNamespace: NAMESPACE,
    }));
  return { ...openwhisk, runtime: chooseRuntime(config), storage: takeStorage(config.storage), ...(feed && { feed }) };
}

function chooseRuntime({ runtime }: StackConfig<'kubernetes'>): Platform['runtime'] {
  if (runtime.image !== undefined) return runtime;
  if (runtime.registry === undefined) throw new Error('the config was checked to have an image or a registry');
  return { ...runtime, repository: pulumi.output(runtime.registry) };
}
