/** PDFMagic on Cloud Run, and all that a stack has on Google Cloud for it: see README.md. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { EVENTS_PATH } from '../../../contract/names';
import type { GkeConfig } from '../../config';
import { builtImage } from '../../image/build-image';
import { CLOUDRUN_BASE_IMAGE, CLOUDRUN_IMAGE } from '../../image/recipe';
import {
  alertOnBudget,
  credentials,
  dockerEngine,
  type GoogleCloud,
  grantConversion,
  makeBuckets,
  makeRegistry,
  nameWithin,
  openGoogleCloud,
  refuse,
  registryHost,
  thisMachine,
} from '../../parts/google-cloud';
import type { CloudRunService } from './cloud-run-service';
import { makeService, type ServiceArgs } from './google-service';
import { deliverNewFiles } from './google-trigger';
import { letAnyoneInvoke } from './invoker';

/** Makes buckets, services and the trigger. @throws pulumi.RunError when credentials or Docker are missing */
export async function googleCloudRun(config: GkeConfig): Promise<CloudRunService> {
  await preflight(config);
  const cloud = openGoogleCloud(config);
  if (config.budget !== undefined) alertOnBudget(cloud, config.budget);
  const buckets = makeBuckets(cloud, config.storage);
  const service = {
    image: imageOf(cloud),
    outBucket: buckets.out.name,
    maxInstances: config.cloudRun.maxInstances,
  };
  const api = makeService(cloud, { ...service, ...identityOf(cloud, buckets, 'convert'), serves: 'api' });
  if (config.cloudRun.publicApi) letAnyoneInvoke(cloud, api);
  const events = makeService(cloud, { ...service, ...identityOf(cloud, buckets, 'convert-new'), serves: 'events' });
  deliverNewFiles(cloud, buckets.in.name, events);
  return {
    url: api.uri,
    eventsUrl: pulumi.interpolate`${events.uri}${EVENTS_PATH}`,
    inBucket: buckets.in.name,
    outBucket: buckets.out.name,
    storageEndpoint: undefined,
    events: 'pubsub',
  };
}

/**
 * Who a service is: each is somebody else, so that what strangers have the one do can be told from the work of the other, and
 * be stopped without it. The rights are alike, for both run v2.
 */
function identityOf(
  cloud: GoogleCloud<GkeConfig>,
  buckets: ReturnType<typeof makeBuckets>,
  name: string,
): Pick<ServiceArgs, 'account' | 'dependsOn'> {
  const { student } = cloud.config;
  const account = new gcp.serviceaccount.Account(
    name,
    { accountId: nameWithin(30, student, name), displayName: `Conversions of ${student}: ${name}` },
    cloud.options('iam'),
  );
  return { account, dependsOn: grantConversion(cloud, buckets, account.member, name) };
}

/** A ready image, or one that is built and pushed: to a registry of the project, which Cloud Run may read by itself. */
function imageOf(cloud: GoogleCloud<GkeConfig>): pulumi.Input<string> {
  const { image, registry } = cloud.config.cloudRun;
  if (image !== undefined) return image;
  const repository = registry === undefined ? makeRegistry(cloud, {}) : pulumi.output(registry);
  return builtImage(CLOUDRUN_IMAGE, { baseImage: CLOUDRUN_BASE_IMAGE, repository });
}

async function preflight(config: GkeConfig): Promise<void> {
  const { image, registry } = config.cloudRun;
  const docker =
    image === undefined
      ? await dockerEngine(thisMachine, {
          work: 'the image of the services',
          instead: 'set `image` (a ready one)',
          host: registry === undefined ? registryHost(config) : undefined,
        })
      : [];
  refuse('platform cloudrun', [...credentials(thisMachine), ...docker]);
}
