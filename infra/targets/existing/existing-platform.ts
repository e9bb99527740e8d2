/** Target `existing`: an OpenWhisk that somebody else runs. */
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { shellSetup } from '../../../contract/shell-setup';
import type { StackConfig } from '../../config';
import { makeOwnEvents } from '../../parts/events/own-events';
import { takeStorage } from '../../parts/existing-storage';
import { readKubeconfigFile } from '../../parts/kubeconfig-file';
import { refuseOtherStack } from '../../parts/other-stack';
import type { Platform, PlatformFeed } from '../../platform';

/** Takes all of it from the config; only events of new files are made, if they are wanted. */
export async function takeExistingPlatform(config: StackConfig<'existing'>): Promise<Platform> {
  const { apihost, auth, namespace, caCertificate, insecure, runtime } = config;
  const openwhisk = {
    apihost: pulumi.output(apihost),
    auth,
    namespace,
    ...(caCertificate === undefined ? {} : { caCertificate: pulumi.output(caCertificate) }),
    insecure,
  };
  await refuseOtherStack({
    ...{ openwhisk, adopt: config.adopt },
    place: `The namespace of this key at ${apihost}`,
    elsewhere: 'set auth to the key of another namespace',
  });
  const feed = await makeFeed(config, openwhisk);
  return {
    ...openwhisk,
    runtime,
    storage: takeStorage(config.storage),
    ...(feed && { feed }),
    shellSetup: (convertUrl) =>
      convertUrl.apply((url) =>
        shellSetup({
          apihost,
          urls: [url],
          insecure,
          auth: 'pulumi config get auth',
          ...(caCertificate === undefined ? {} : { caCertificate: 'pulumi config get caCertificate' }),
        }),
      ),
  };
}

/** The feed runs on the cluster that OpenWhisk is on, so that its actions reach it. */
async function makeFeed(
  { events, student, storage }: StackConfig<'existing'>,
  openwhisk: Pick<Platform, 'apihost' | 'auth' | 'caCertificate' | 'insecure'>,
): Promise<PlatformFeed | undefined> {
  if (events === undefined) return undefined;
  const kubeconfig = pulumi.secret(readKubeconfigFile(events));
  const provider = new kubernetes.Provider('cluster', { kubeconfig, enableServerSideApply: true });
  const { inBucket } = storage;
  return makeOwnEvents(events, { student, inBucket, openwhisk, provider, openwhiskNamespace: undefined });
}
