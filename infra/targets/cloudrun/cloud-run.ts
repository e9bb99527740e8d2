/** The program for `platform: cloudrun`: PDFMagic as a Cloud Run service, in place of OpenWhisk. */
import type { StackConfig } from '../../config';
import { googleCloudRun } from '.';
import type { CloudRunConfig, CloudRunService } from './cloud-run-service';
import { localCloudRun } from './local-cloud-run';

/** Whether a stack is to run on Cloud Run. */
export function isCloudRun(config: StackConfig): config is CloudRunConfig {
  return 'platform' in config && config.platform === 'cloudrun';
}

/** Deploys the service, its buckets and the trigger. @throws pulumi.RunError when that cannot be */
export async function deployCloudRun(config: CloudRunConfig): Promise<CloudRunService> {
  return config.target === 'gke' ? googleCloudRun(config) : localCloudRun(config);
}
