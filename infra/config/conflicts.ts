/** Values that are allowed by themselves, but not together. */

import { buildsFeed, eventConflicts } from './event-conflicts';
import type { ConfigKey, Target } from './key';
import { KEYS, type KeyName } from './keys';
import { problem, setLine, type Values } from './problem';

/** Problems of keys beside each other, in the form of {@link problem}. */
export function conflicts(values: Values, target: Target | undefined): string[] {
  const problems: string[] = [];
  const refuse = (name: KeyName, what: string, allowed: string, mend?: string): void => {
    problems.push(problem(name, what, allowed, mend ?? setLine(name, KEYS[name])));
  };
  const effective = (name: KeyName): string | undefined => {
    const key: ConfigKey = KEYS[name];
    return values.get(name) ?? key.default;
  };

  const out = values.get('outBucket');
  if (out !== undefined && out === values.get('inBucket')) {
    refuse('outBucket', `"${out}", which is the in bucket too`, KEYS.outBucket.allowed);
  }
  if (values.has('caCertificate') && values.get('insecure') === 'true') {
    refuse('insecure', 'true beside a caCertificate', 'one of the two', 'pulumi config rm insecure');
  }
  if (target === 'kubernetes' && /^http:/.test(values.get('apihost') ?? '')) {
    refuse('apihost', 'http://', "https://: the cluster's nginx serves nothing else");
  }
  if (target === 'kubernetes' && !values.has('image') && !values.has('registry')) {
    refuse('registry', 'nothing, and no image', 'where to push the image that is built, or `image` with a ready one');
  }
  if (values.has('registry') && values.has('image') && !buildsFeed(values, target)) {
    refuse('registry', 'a value, but no image is built', 'nothing', 'pulumi config rm registry');
  }
  if (values.has('image') && values.has('baseImage')) {
    refuse('baseImage', 'a value beside image, which is not built', 'one of the two', 'pulumi config rm baseImage');
  }
  if (values.get('adopt') === 'true' && target === 'gke' && values.get('platform') === 'cloudrun') {
    refuse('adopt', 'true, where nothing is made that it is about', 'false', 'pulumi config rm adopt');
  }
  problems.push(...eventConflicts(values, target));
  if (target === 'gke' && Number(effective('invokerNodesMin')) > Number(effective('invokerNodesMax'))) {
    refuse(
      'invokerNodesMax',
      `less than invokerNodesMin (${effective('invokerNodesMin')})`,
      KEYS.invokerNodesMax.allowed,
    );
  }
  if (Number(effective('actionMemory')) > Number(effective('invokerMemory'))) {
    refuse(
      'invokerMemory',
      `less than actionMemory (${effective('actionMemory')})`,
      'no less than one action may ask for',
    );
  }
  if (values.has('budget') && !values.has('billingAccount')) {
    refuse('billingAccount', 'nothing, but budget needs it', KEYS.billingAccount.allowed);
  }
  return problems;
}
