/** Target `existing`: a stack on an OpenWhisk and on buckets that exist already. */

import { CLUSTER_KEYS, readCluster } from '../keys/cluster';
import { askForFeedRegistry, findOwnEventConflicts, OWN_EVENT_KEYS, readOwnEvents } from '../keys/events';
import { OPENWHISK_KEYS, readOpenWhisk } from '../keys/openwhisk';
import { RUNTIME_KEYS } from '../keys/runtime';
import { EXISTING_STORAGE_KEYS, EXISTING_STORAGE_NEEDED, readExistingStorage } from '../keys/storage';
import { demand, type Values } from '../problem';
import { defineTarget } from '../target';

export const existing = defineTarget({
  is: 'an OpenWhisk you have',
  keys: {
    ...OPENWHISK_KEYS,
    ...EXISTING_STORAGE_KEYS,
    image: RUNTIME_KEYS.image,
    python: RUNTIME_KEYS.python,
    ...OWN_EVENT_KEYS,
    ...CLUSTER_KEYS,
  },
  needed: ['apihost', 'auth', 'image', ...EXISTING_STORAGE_NEEDED],
  findConflicts,
  read(read, stack) {
    const events = readOwnEvents(read, stack);
    return {
      ...readOpenWhisk(read),
      runtime: { image: read.text('image'), python: read.maybe('python') },
      storage: readExistingStorage(read),
      /** Undefined: the trigger is fired by hand. */
      events: events && { ...events, ...readCluster(read) },
    };
  },
});

function findConflicts(values: Values): string[] {
  // The cluster is the feed's here.
  const problems = [...findOwnEventConflicts(values, Object.keys(CLUSTER_KEYS)), ...askForFeedRegistry(values)];
  if (values.has('project') && !values.has('kubeconfig')) {
    const found = 'nothing, but project turns events on, and their feed runs on the cluster of OpenWhisk';
    problems.push(demand('kubeconfig', CLUSTER_KEYS.kubeconfig, found));
  }
  return problems;
}
