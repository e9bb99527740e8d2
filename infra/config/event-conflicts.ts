/** What the events of new files need, and what is of no use without them. */
import type { ConfigKey, Target } from './key';
import { KEYS, type KeyName } from './keys';
import { problem, setLine, type Values } from './problem';

/** Keys that say something of events; `project` turns them on where the buckets are not made by the stack. */
const OF_EVENTS = ['deliveryAttempts', 'feedImage', 'keyRotation'] as const satisfies readonly KeyName[];
/** For target existing these are the feed's as well; target kubernetes has them for OpenWhisk. */
const OF_THE_FEEDS_CLUSTER = ['kubeconfig', 'kubeContext'] as const satisfies readonly KeyName[];

/** Whether the stack builds the feed's image. */
export function buildsFeed(values: Values, target: Target | undefined): boolean {
  if (values.has('feedImage') || values.get('platform') === 'cloudrun') return false;
  return target === 'gke' || (target !== 'local' && values.has('project'));
}

/** Problems of such keys, in the form of {@link problem}. */
export function eventConflicts(values: Values, target: Target | undefined): string[] {
  if (target !== 'existing' && target !== 'kubernetes') return [];
  if (!values.has('project')) return useless(values, target);
  const problems: string[] = [];
  const missing = (name: KeyName, what: string, allowed?: string): void => {
    const key: ConfigKey = KEYS[name];
    problems.push(problem(name, what, allowed ?? key.allowed, setLine(name, key)));
  };
  if (values.has('storageEndpoint')) {
    problems.push(
      problem(
        'project',
        'a value beside storageEndpoint: an emulator tells Pub/Sub nothing',
        'one of the two',
        'pulumi config rm project',
      ),
    );
  }
  if (target === 'existing' && !values.has('kubeconfig')) {
    missing('kubeconfig', 'nothing, but project turns events on, whose feed runs beside OpenWhisk');
  }
  // Without an image target kubernetes has been told so already.
  const told = target === 'kubernetes' && !values.has('image');
  if (!told && buildsFeed(values, target) && !values.has('registry')) {
    missing(
      'registry',
      'nothing, and no feedImage, but project turns events on',
      'where to push the image of the feed, or `feedImage` with a ready one',
    );
  }
  return problems;
}

function useless(values: Values, target: Target): string[] {
  const names = [...OF_EVENTS, ...(target === 'existing' ? OF_THE_FEEDS_CLUSTER : [])];
  return names
    .filter((name) => values.has(name))
    .map((name) =>
      problem(name, 'a value, but without project there are no events', 'nothing', `pulumi config rm ${name}`),
    );
}
