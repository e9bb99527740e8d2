/** Values that are allowed by themselves, but not together. */
import { buildsFeed, findEventConflicts } from './event-conflicts';
import type { ConfigKey, Target } from './key';
import { KEYS, type KeyName } from './keys/all-keys';
import { demand, reject, type Values } from './problem';

/** Finds problems of keys beside each other, in words. */
export function findConflicts(values: Values, target: Target | undefined): string[] {
  const problems: string[] = [];
  const ask = (name: KeyName, found: string, allowed?: string): void => {
    problems.push(demand(name, KEYS[name], found, allowed));
  };
  const refuse = (name: KeyName, found: string, allowed?: string): void => {
    problems.push(reject(name, found, allowed));
  };
  const effective = (name: KeyName): string | undefined => {
    const key: ConfigKey = KEYS[name];
    return values.get(name) ?? key.default;
  };

  const out = values.get('outBucket');
  if (out !== undefined && out === values.get('inBucket')) ask('outBucket', `"${out}", which is also the input bucket`);
  if (values.has('caCertificate') && values.get('insecure') === 'true') {
    refuse('insecure', 'true together with a caCertificate', 'one of the two');
  }
  if (target === 'kubernetes' && /^http:/.test(values.get('apihost') ?? '')) {
    ask('apihost', 'http://', "https://: the cluster's nginx serves nothing else");
  }
  if (target === 'kubernetes' && !values.has('image') && !values.has('registry')) {
    ask('registry', 'nothing, and no image', 'where to push the image that is built, or `image` with a ready one');
  }
  if (values.has('registry') && values.has('image') && !buildsFeed(values, target)) {
    refuse('registry', 'a value, but no image is built');
  }
  if (values.has('image') && values.has('baseImage')) {
    refuse('baseImage', 'a value together with image, so nothing is built', 'one of the two');
  }
  if (values.get('adopt') === 'true' && target === 'gke' && values.get('platform') === 'cloudrun') {
    refuse('adopt', 'true, but this stack creates nothing that can be adopted', 'false');
  }
  problems.push(...findEventConflicts(values, target));
  if (target === 'gke' && Number(effective('invokerNodesMin')) > Number(effective('invokerNodesMax'))) {
    ask('invokerNodesMax', `less than invokerNodesMin (${effective('invokerNodesMin')})`);
  }
  if (Number(effective('actionMemory')) > Number(effective('invokerMemory'))) {
    const least = 'at least what one action may ask for';
    ask('invokerMemory', `less than actionMemory (${effective('actionMemory')})`, least);
  }
  if (values.has('budget') && !values.has('billingAccount')) ask('billingAccount', 'nothing, but budget needs it');
  return problems;
}
