/** The outputs of a stack on Cloud Run: where everything is, and a command to paste for each way there is. */
import * as pulumi from '@pulumi/pulumi';
import { type Commands, commandsFor } from '../../../contract/commands';
import { API, CONVERT_PATH, EVENTS_PATH, REAL_STORAGE } from '../../../contract/names';
import type { CloudRunOutputs } from '../../../contract/outputs';
import type { Pending } from '../../platform';
import type { CloudRunConfig, CloudRunService } from './cloud-run-service';

/** Describes the deployed stack. */
export function describeCloudRun({ student }: CloudRunConfig, service: CloudRunService): Pending<CloudRunOutputs> {
  const { url, pageUrl, inBucket, outBucket, storageEndpoint, deadLetters } = service;
  const convert = pulumi.interpolate`${url}${CONVERT_PATH}`;
  return {
    student,
    platform: 'cloudrun',
    ...(pageUrl === undefined ? {} : { page: pulumi.interpolate`${pageUrl}${API.basePath}/` }),
    url,
    endpoints: { v1: convert, v2: convert, v3: service.eventsUrl ?? pulumi.interpolate`${url}${EVENTS_PATH}` },
    buckets: { in: inBucket, out: outBucket },
    storage: storageEndpoint ?? REAL_STORAGE,
    events: { source: service.events, ...(deadLetters === undefined ? {} : { deadLetters }) },
    commands: pulumi.all([convert, inBucket, outBucket]).apply(([convertUrl, from, to]) => {
      const places = { rest: '', trigger: '', url: convertUrl, inBucket: from, outBucket: to };
      const { v1, v2, v3 } = commandsFor({ ...places, storage: storageEndpoint, events: true });
      const curl = (commands: Commands) => ({ curl: commands.curl });
      return { v1: curl(v1), v2: curl(v2), v3: curl(v3) };
    }),
  };
}
