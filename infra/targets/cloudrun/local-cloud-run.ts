/** Target `local` on Cloud Run: the service and its trigger on the platform that runs on this machine. */
import { Service, Trigger } from '@pdfmagic/emulated';
import { CONTAINER_CONCURRENCY, CONVERSION_TIMEOUT } from '../../../contract/limits';
import { EVENTS_PATH } from '../../../contract/names';
import type { StackConfig } from '../../config';
import { computeTag } from '../../image/content-tag';
import { CLOUDRUN_BASE_IMAGE, CLOUDRUN_IMAGE } from '../../image/recipe';
import { makeEmulatedBuckets } from '../local/emulated-storage';
import { findLocalPlatform } from '../local/local-platform';
import { readPlatformFile } from '../local/platform-file';
import type { CloudRunService } from './cloud-run-service';

/** This machine has not many more cores. */
const MAX_INSTANCES = 2;

/** Deploys them. The service has no key: like on Google Cloud it has an identity, and the emulator asks for none. */
export async function deployLocally(config: StackConfig<'local'>): Promise<CloudRunService> {
  const { apihost, auth, emulator, startHint } = await findLocalPlatform(config);
  const { inBucket, outBucket } = makeEmulatedBuckets(config, emulator.endpoint);
  const control = { endpoint: apihost, auth, provesKey: true, ...(startHint !== undefined && { startHint }) };
  const baseImage = readPlatformFile(config.platformDir)?.cloudRunBaseImage ?? CLOUDRUN_BASE_IMAGE;
  const service = new Service('convert', {
    control,
    // What the image is, or would be, made of: an edit is another revision.
    image: computeTag(CLOUDRUN_IMAGE, baseImage),
    env: { OUT_BUCKET: outBucket.name, GCS_ENDPOINT: emulator.endpoint },
    maxInstanceRequestConcurrency: CONTAINER_CONCURRENCY,
    maxInstanceCount: MAX_INSTANCES,
    timeout: CONVERSION_TIMEOUT / 1000,
    adopt: config.adopt,
  });
  new Trigger('new-file', {
    control,
    service: service.name,
    path: EVENTS_PATH,
    bucket: inBucket.name,
    adopt: config.adopt,
  });
  return {
    url: service.url,
    inBucket: inBucket.name,
    outBucket: outBucket.name,
    storageEndpoint: emulator.endpoint,
    events: 'local',
  };
}
