/** PDFMagic on Cloud Run, and all that a stack has on Google Cloud for it: see README.md. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { EVENTS_PATH } from '../../../contract/names';
import type { StackConfig } from '../../config';
import { buildImage } from '../../image/build-image';
import { CLOUDRUN_BASE_IMAGE, CLOUDRUN_IMAGE } from '../../image/recipe';
import {
  alertOnBudget,
  checkCredentials,
  checkDockerEngine,
  fitName,
  type GoogleCloud,
  grantConversion,
  makeBuckets,
  makeRegistry,
  nameRegistryHost,
  openGoogleCloud,
  refuse,
  thisMachine,
} from '../../parts/google-cloud';
import type { CloudRunService } from './cloud-run-service';
import { makeService, type ServiceArgs } from './google-service';
import { deliverNewFiles } from './google-trigger';

/** Makes buckets, services and the trigger. @throws pulumi.RunError when credentials or Docker are missing */
export async function deployOnGoogle(config: StackConfig<'gke'>): Promise<CloudRunService> {
  await requireTools(config);
  const cloud = openGoogleCloud(config);
  if (config.budget !== undefined) alertOnBudget(cloud, config.budget);
  const buckets = makeBuckets(cloud, config.storage);
  const service = {
    image: chooseImage(cloud),
    outBucket: buckets.out.name,
    maxInstances: config.cloudRun.maxInstances,
  };
  const api = makeService(cloud, {
    ...service,
    ...makeIdentity(cloud, buckets, 'convert'),
    serves: 'api',
    isPublic: config.cloudRun.publicApi,
  });
  const events = makeService(cloud, {
    ...service,
    ...makeIdentity(cloud, buckets, 'convert-new'),
    serves: 'events',
    isPublic: false,
  });
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
function makeIdentity(
  cloud: GoogleCloud<StackConfig<'gke'>>,
  buckets: ReturnType<typeof makeBuckets>,
  name: string,
): Pick<ServiceArgs, 'account' | 'dependsOn'> {
  const { student } = cloud.config;
  const account = new gcp.serviceaccount.Account(
    name,
    { accountId: fitName(30, student, name), displayName: `Conversions of ${student}: ${name}` },
    cloud.options('iam'),
  );
  return { account, dependsOn: grantConversion(cloud, buckets, account.member, name) };
}

/** A ready image, or one that is built and pushed: to a registry of the project, which Cloud Run may read by itself. */
function chooseImage(cloud: GoogleCloud<StackConfig<'gke'>>): pulumi.Input<string> {
  const { image, registry } = cloud.config.cloudRun;
  if (image !== undefined) return image;
  const repository = registry === undefined ? makeRegistry(cloud, {}) : pulumi.output(registry);
  return buildImage(CLOUDRUN_IMAGE, { baseImage: CLOUDRUN_BASE_IMAGE, repository });
}

async function requireTools(config: StackConfig<'gke'>): Promise<void> {
  const { image, registry } = config.cloudRun;
  const docker =
    image === undefined
      ? await checkDockerEngine(thisMachine, {
          work: 'the image of the services',
          instead: 'set `image` to a ready image',
          host: registry === undefined ? nameRegistryHost(config) : undefined,
        })
      : [];
  refuse('platform cloudrun', [...checkCredentials(thisMachine), ...docker]);
}
