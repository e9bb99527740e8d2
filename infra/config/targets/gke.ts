/** Target `gke`: a stack that creates everything on Google Cloud; `platform: cloudrun` replaces cluster and OpenWhisk. */
import { CLOUD_RUN_KEYS, readCloudRun } from '../keys/cloud-run';
import { EVENT_KEYS, readEvents } from '../keys/events';
import { GOOGLE_CLOUD_KEYS, readBudget, readGoogleCloud, readNodes } from '../keys/google-cloud';
import { RELEASE_KEYS, readRelease } from '../keys/openwhisk-release';
import { RUNTIME_KEYS, readRuntime } from '../keys/runtime';
import { PLATFORM_KEYS, readPlatform } from '../keys/stack';
import { GOOGLE_STORAGE_KEYS, readGoogleStorage } from '../keys/storage';
import { demand, reject, type Values } from '../problem';
import { defineTarget } from '../target';

export const gke = defineTarget({
  is: 'everything new on Google Cloud',
  keys: {
    ...PLATFORM_KEYS,
    ...GOOGLE_CLOUD_KEYS,
    ...RELEASE_KEYS,
    ...RUNTIME_KEYS,
    ...GOOGLE_STORAGE_KEYS,
    ...EVENT_KEYS,
    ...CLOUD_RUN_KEYS,
  },
  needed: ['project'],
  // Where the provider itself looks (https://www.pulumi.com/registry/packages/gcp/installation-configuration/).
  fallbacks: { project: 'gcp:project', zone: 'gcp:zone' },
  findConflicts,
  read: (read, stack) => ({
    platform: readPlatform(read),
    stack,
    ...readGoogleCloud(read),
    nodes: readNodes(read),
    budget: readBudget(read),
    release: readRelease(read),
    runtime: readRuntime(read),
    storage: readGoogleStorage(read),
    events: readEvents(read),
    cloudRun: readCloudRun(read),
  }),
});

function findConflicts(values: Values): string[] {
  const problems: string[] = [];
  if (values.get('adopt') === 'true' && values.get('platform') === 'cloudrun') {
    problems.push(reject('adopt', 'true, but this stack creates nothing that can be adopted', 'false'));
  }
  const { invokerNodesMin, invokerNodesMax } = GOOGLE_CLOUD_KEYS;
  const least = values.get('invokerNodesMin') ?? invokerNodesMin.default;
  if (Number(least) > Number(values.get('invokerNodesMax') ?? invokerNodesMax.default)) {
    problems.push(demand('invokerNodesMax', invokerNodesMax, `less than invokerNodesMin (${least})`));
  }
  return problems;
}
