/** The program for `platform: cloudrun`: PDFMagic as a Cloud Run service, in place of OpenWhisk. */

import type { CloudRunOutputs } from '../../../contract/outputs';
import type { StackConfig } from '../../config';
import type { Pending } from '../../platform';
import { describeCloudRun } from './cloud-run-outputs';
import type { CloudRunConfig } from './cloud-run-service';
import { deployOnGoogle } from './google-cloud-run';
import { deployLocally } from './local-cloud-run';

/** Whether a stack is to run on Cloud Run. */
export function isCloudRun(config: StackConfig): config is CloudRunConfig {
  return 'platform' in config && config.platform === 'cloudrun';
}

/** Deploys the service, its buckets and the trigger. @returns the stack's outputs @throws pulumi.RunError when that fails */
export async function deployCloudRun(config: CloudRunConfig): Promise<Pending<CloudRunOutputs>> {
  const service = await (config.target === 'gke' ? deployOnGoogle(config) : deployLocally(config));
  return describeCloudRun(config, service);
}
