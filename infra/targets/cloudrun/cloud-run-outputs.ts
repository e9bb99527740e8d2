/** The outputs of a stack on Cloud Run: where everything is, and a command to paste for each way there is. */
import * as pulumi from '@pulumi/pulumi';
import { commandsFor } from '../../../contract/commands';
import { API, EVENTS_PATH, REAL_STORAGE } from '../../../contract/names';
import type { CloudRunOutputs } from '../../../contract/outputs';
import { isRequestWay, mapWays, WAYS, waysOn } from '../../../contract/ways';
import type { Pending } from '../../platform';
import type { CloudRunConfig, CloudRunService } from './cloud-run-service';

/** Describes the deployed stack. */
export function describeCloudRun({ student }: CloudRunConfig, service: CloudRunService): Pending<CloudRunOutputs> {
  const { url, pageUrl, inBucket, outBucket, storageEndpoint, deadLetters } = service;
  const eventsUrl = service.eventsUrl ?? pulumi.interpolate`${url}${EVENTS_PATH}`;
  const ways = waysOn('cloudrun');
  const endpoints = mapWays(ways, (way) =>
    isRequestWay(way) ? pulumi.interpolate`${url}${API.basePath}${WAYS[way].path}` : eventsUrl,
  );
  return {
    student,
    platform: 'cloudrun',
    ...(pageUrl === undefined ? {} : { page: pulumi.interpolate`${pageUrl}${API.basePath}/` }),
    url,
    endpoints,
    buckets: { in: inBucket, out: outBucket },
    storage: storageEndpoint ?? REAL_STORAGE,
    events: { source: service.events, ...(deadLetters === undefined ? {} : { deadLetters }) },
    commands: pulumi.all([endpoints, inBucket, outBucket]).apply(([at, from, to]) => {
      const commands = commandsFor(at, { inBucket: from, outBucket: to, storage: storageEndpoint, events: true });
      return mapWays(ways, (way) => ({ curl: commands[way].curl }));
    }),
  };
}
