/** PDFMagic on Cloud Run, and all that a stack has on Google Cloud for it: see README.md. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { EVENTS_PATH } from '../../../contract/names';
import type { StackConfig } from '../../config';
import { buildImage } from '../../image/build-image';
import { assembleCloudRun } from '../../image/cloudrun-context';
import { CLOUDRUN_BASE_IMAGE } from '../../image/recipe';
import {
  alertOnBudget,
  checkCredentials,
  checkDockerEngine,
  fitName,
  type GoogleCloud,
  grantConversion,
  makeBuckets,
  makeRegistry,
  makeSigner,
  nameRegistryHost,
  openGoogleCloud,
  refuse,
  thisMachine,
} from '../../parts/google-cloud';
import type { CloudRunService } from './cloud-run-service';
import { foretellUrl, makeService, type ServiceArgs } from './google-service';
import { deliverNewFiles } from './google-trigger';
import { listVariables } from './service-environment';

/** Makes buckets, services and the trigger. @throws pulumi.RunError when credentials or Docker are missing */
export async function deployOnGoogle(config: StackConfig<'gke'>): Promise<CloudRunService> {
  await requireTools(config);
  const cloud = openGoogleCloud(config);
  if (config.budget !== undefined) alertOnBudget(cloud, config.budget);
  const { publicApi, maxInstances } = config.cloudRun;
  // Browsers have no identity to call a service with.
  const pageUrl = publicApi ? foretellUrl(cloud, 'api') : undefined;
  const buckets = makeBuckets(cloud, config.storage, pageUrl);
  const storage = { inBucket: buckets.in.name, outBucket: buckets.out.name, endpoint: undefined };
  const service = { image: await chooseImage(cloud), maxInstances };
  const identity = makeIdentity(cloud, buckets, 'convert');
  const key = publicApi ? makeSigner(cloud, buckets, identity.account.member, identity.dependsOn) : undefined;
  const ofPage = { ...(key && { key, uploadKey: key }), objectAge: config.storage.objectAge };
  const api = makeService(cloud, {
    ...{ ...service, ...identity, serves: 'api', isPublic: publicApi },
    variables: listVariables({ ...storage, ...ofPage }),
  });
  const events = makeService(cloud, {
    ...{ ...service, ...makeIdentity(cloud, buckets, 'convert-new'), serves: 'events', isPublic: false },
    variables: listVariables(storage),
  });
  deliverNewFiles(cloud, buckets.in.name, events);
  return {
    url: api.uri,
    // Known only when somebody answers there.
    pageUrl: pageUrl && pulumi.all([pageUrl, api.uri]).apply(([url]) => url),
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
): Pick<ServiceArgs, 'account'> & { readonly dependsOn: readonly pulumi.CustomResource[] } {
  const { student } = cloud.config;
  const account = new gcp.serviceaccount.Account(
    name,
    { accountId: fitName(30, student, name), displayName: `Conversions of ${student}: ${name}` },
    cloud.options('iam'),
  );
  return { account, dependsOn: grantConversion(cloud, buckets, account.member, name) };
}

/** A ready image, or one that is built and pushed: to a registry of the project, which Cloud Run may read by itself. */
async function chooseImage(cloud: GoogleCloud<StackConfig<'gke'>>): Promise<pulumi.Input<string>> {
  const { image, registry } = cloud.config.cloudRun;
  if (image !== undefined) return image;
  const repository = registry === undefined ? makeRegistry(cloud, {}) : pulumi.output(registry);
  return buildImage(await assembleCloudRun(), { baseImage: CLOUDRUN_BASE_IMAGE, repository });
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
