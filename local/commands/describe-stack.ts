/** A deployed stack as text for people: where everything is, and commands that can be pasted as they stand. */
import { WAYS } from '../demo/four-ways';
import type { DeployedStack } from './deployed-stack';

export function describeStack(stack: DeployedStack): string {
  const places = [
    ['API host', stack.apihost],
    ['v1, v2', `${stack.convertUrl} (POST, PUT)`],
    ['trigger', stack.trigger],
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
