/** A deployed stack as text for people: where everything is, and commands that can be pasted as they stand. */
import { REAL_STORAGE } from '../../contract/names';
import { isRequestWay, type RequestWay, WAYS, waysOn } from '../../contract/ways';
import { findUrl } from '../stack/endpoints';
import type { Stack } from '../stack/stack';

/** @returns lines to print */
export function describeStack(stack: Stack): string {
  const { openwhisk, commands, inBucket, outBucket, storageEndpoint = REAL_STORAGE } = stack;
  const all = waysOn(stack.platform);
  const places = [
    ['page', stack.page],
    ['API host', openwhisk?.apihost],
    ['service', stack.url],
    ...all.filter(isRequestWay).map((way) => [way, describeUrl(stack, way)]),
    ['trigger', openwhisk && `${openwhisk.trigger}, fired by each new file in ${inBucket}`],
    ['storage', storageEndpoint],
    ['buckets', `${inBucket}, ${outBucket}`],
  ].flatMap(([name = '', value]) => (value === undefined ? [] : `${name.padEnd(9)} ${value}`));
  const ways = all.map((way) => {
    const { curl, wsk } = commands[way] ?? {};
    return [`# ${way}`, curl, wsk].filter((line) => line !== undefined).join('\n');
  });
  const photo = 'with photo.jpg in the current folder (cp examples/photo.jpg .):';
  const setup =
    commands.setup === undefined
      ? [`# W${photo.slice(1)}`]
      : [`# Once per shell, ${photo}\n${commands.setup}`, '# Then, with curl or with wsk:'];
  return [places.join('\n'), ...setup, ...ways].join('\n\n');
}

function describeUrl(stack: Stack, way: RequestWay): string | undefined {
  const url = findUrl(stack, way);
  return url && `${url} (${WAYS[way].method})`;
}
