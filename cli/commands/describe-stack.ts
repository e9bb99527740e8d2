/** A deployed stack as text for people: where everything is, and commands that can be pasted as they stand. */
import { CLOUD_RUN_WAYS, WAYS } from '../demo/four-ways';
import type { CloudRunStack, DeployedStack } from './deployed-stack';

export function describeStack(stack: DeployedStack): string {
  if (stack.platform === 'cloudrun') return describeCloudRun(stack);
  const places = [
    ['page', stack.page],
    ['API host', stack.apihost],
    ['v1, v2', `${stack.convertUrl} (POST, PUT)`],
    ['trigger', `${stack.trigger}, fired by each new file in ${stack.inBucket}`],
    ['storage', stack.storageEndpoint],
    ['buckets', `${stack.inBucket}, ${stack.outBucket}`],
  ].map(([name = '', value]) => `${name.padEnd(9)} ${value}`);
  const ways = WAYS.map(({ name }) => `# ${name}\n${stack.commands[name].curl}\n${stack.commands[name].wsk}`);
  return [
    places.join('\n'),
    `# Once per shell, with photo.jpg in the current folder (cp examples/photo.jpg .):\n${stack.commands.setup}`,
    '# Then, by curl or by wsk:',
    ...ways,
  ].join('\n\n');
}

function describeCloudRun(stack: CloudRunStack): string {
  const places = [
    ['service', stack.url],
    ['v1, v2', `${stack.convertUrl} (POST, PUT)`],
    ['storage', stack.storageEndpoint],
    ['buckets', `${stack.inBucket}, ${stack.outBucket}`],
  ].map(([name = '', value]) => `${name.padEnd(9)} ${value}`);
  const ways = CLOUD_RUN_WAYS.map(({ name }) => `# ${name}\n${stack.commands[name].curl}`);
  return [places.join('\n'), '# With photo.jpg in the current folder (cp examples/photo.jpg .):', ...ways].join('\n\n');
}
