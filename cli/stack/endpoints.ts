/** Where the ways of a stack are called. */
import { type RequestWay, WAYS, type Way, waysOn } from '../../contract/ways';
import { Failure } from '../failure';
import type { Stack } from './stack';

/** The URL of a way; undefined when the stack has none. An older stack names only that of v1, at which there are others, too. */
export function findUrl({ endpoints }: Pick<Stack, 'endpoints'>, way: RequestWay): string | undefined {
  return endpoints[way] ?? (WAYS[way].path === WAYS.v1.path ? endpoints.v1 : undefined);
}

/** The URL of a way. @throws Failure when the stack has none */
export function urlOf(stack: Pick<Stack, 'endpoints' | 'platform'>, way: RequestWay): string {
  const url = findUrl(stack, way);
  if (url === undefined) throw lacksWay(stack, way);
  return url;
}

/** A stack does not have the way. */
export function lacksWay({ platform }: Pick<Stack, 'platform'>, way: Way): Failure {
  const others = waysOn(platform).filter((other) => other !== way);
  const list = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(others);
  return new Failure(
    `${platform === 'cloudrun' ? 'Cloud Run' : 'This stack'} has no ${way}.`,
    `Leave out --via, or use ${list}.`,
  );
}
