/** Values that are allowed by themselves, but not together, on any target; a target (targets/) adds its own. */
import type { ConfigKey } from './key';
import { GOOGLE_CLOUD_KEYS } from './keys/google-cloud';
import { RELEASE_KEYS } from './keys/openwhisk-release';
import { STORAGE_KEYS } from './keys/storage';
import { demand, reject, type Values } from './problem';
import type { Target } from './target';

/** Finds problems of keys beside each other, in words. */
export function findConflicts(values: Values, target: Target | undefined): string[] {
  const problems: string[] = [];

  const out = values.get('outBucket');
  if (out !== undefined && out === values.get('inBucket')) {
    problems.push(demand('outBucket', STORAGE_KEYS.outBucket, `"${out}", which is also the input bucket`));
  }
  if (values.has('caCertificate') && values.get('insecure') === 'true') {
    problems.push(reject('insecure', 'true together with a caCertificate', 'one of the two'));
  }
  const events = values.has('project') || target?.needed.includes('project');
  const buildsFeed = events && !values.has('feedImage') && values.get('platform') !== 'cloudrun';
  if (values.has('registry') && values.has('image') && !buildsFeed) {
    problems.push(reject('registry', 'a value, but no image is built'));
  }
  if (values.has('image') && values.has('baseImage')) {
    problems.push(reject('baseImage', 'a value together with image, so nothing is built', 'one of the two'));
  }
  const { actionMemory, invokerMemory } = RELEASE_KEYS;
  const read = (name: string, key: ConfigKey) => values.get(name) ?? key.default;
  const most = read('actionMemory', actionMemory);
  if (Number(most) > Number(read('invokerMemory', invokerMemory))) {
    const least = 'at least what one action may ask for';
    problems.push(demand('invokerMemory', invokerMemory, `less than actionMemory (${most})`, least));
  }
  if (values.has('budget') && !values.has('billingAccount')) {
    problems.push(demand('billingAccount', GOOGLE_CLOUD_KEYS.billingAccount, 'nothing, but budget needs it'));
  }
  return [...problems, ...(target?.findConflicts?.(values) ?? [])];
}
