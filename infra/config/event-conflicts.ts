/** What the events of new files need, and what is useless without them. */
import type { Target } from './key';
import { KEYS, type KeyName } from './keys/all-keys';
import { demand, reject, type Values } from './problem';

/** Keys that say something about events; `project` turns them on where the stack does not create the buckets. */
const OF_EVENTS = ['deliveryAttempts', 'feedImage', 'keyRotation'] as const satisfies readonly KeyName[];
/** For target existing these are the feed's as well; target kubernetes has them for OpenWhisk. */
const OF_THE_FEEDS_CLUSTER = ['kubeconfig', 'kubeContext'] as const satisfies readonly KeyName[];

/** Whether the stack builds the feed's image. */
export function buildsFeed(values: Values, target: Target | undefined): boolean {
  if (values.has('feedImage') || values.get('platform') === 'cloudrun') return false;
  return target === 'gke' || (target !== 'local' && values.has('project'));
}

/** Finds problems of such keys, in words. */
export function findEventConflicts(values: Values, target: Target | undefined): string[] {
  if (target !== 'existing' && target !== 'kubernetes') return [];
  if (!values.has('project')) return rejectAll(values, target);
  const problems: string[] = [];
  if (values.has('storageEndpoint')) {
    const found = 'a value together with storageEndpoint, but an emulator sends Pub/Sub no events';
    problems.push(reject('project', found, 'one of the two'));
  }
  if (target === 'existing' && !values.has('kubeconfig')) {
    const found = 'nothing, but project turns events on, and their feed runs on the cluster of OpenWhisk';
    problems.push(demand('kubeconfig', KEYS.kubeconfig, found));
  }
  // Target kubernetes without an image has this problem already.
  const reported = target === 'kubernetes' && !values.has('image');
  if (!reported && buildsFeed(values, target) && !values.has('registry')) {
    const found = 'nothing, and no feedImage, but project turns events on';
    const allowed = 'where to push the image of the feed, or `feedImage` with a ready one';
    problems.push(demand('registry', KEYS.registry, found, allowed));
  }
  return problems;
}

function rejectAll(values: Values, target: Target): string[] {
  const names = [...OF_EVENTS, ...(target === 'existing' ? OF_THE_FEEDS_CLUSTER : [])];
  const set = names.filter((name) => values.has(name));
  return set.map((name) => reject(name, 'a value, but without project there are no events'));
}
