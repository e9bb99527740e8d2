/** The ways to call the service: one table, which the outputs, the program, the command and the tests go by. */
import { PHOTOGRAPH_BYTES, REQUEST_BYTES } from './limits';
import { PACKAGE, TRIGGER } from './names';

/** What runs the service. */
export const PLATFORMS = ['openwhisk', 'cloudrun'] as const;
/** One of {@link PLATFORMS}. */
export type PlatformName = (typeof PLATFORMS)[number];

/** What is known of a way. */
interface WayFacts {
  readonly platforms: readonly PlatformName[];
  /** What a caller sends, and how, in a few words. */
  readonly input: string;
  /** Of a request, on both platforms; behind the URL of the API. */
  readonly method?: 'POST' | 'PUT';
  readonly contentType?: string;
  /** Name of the action in the namespace, or of the trigger that may be fired by hand: on OpenWhisk, with the key. */
  readonly action?: string;
  readonly trigger?: string;
  /** Where the parameters of `options.ts` go. */
  readonly options: 'parameters' | 'query' | 'query or body' | 'metadata of the object';
  /** Bytes of the largest photograph. */
  readonly limit: number;
  /** The call as a command for people, in short. */
  readonly command: string;
}

/** By parameter, by request, by name in a bucket, by event of a new file. */
export const WAYS = {
  v0: {
    platforms: ['openwhisk'],
    input: 'parameter',
    action: `${PACKAGE}/v0`,
    options: 'parameters',
    limit: REQUEST_BYTES,
    command: `wsk action invoke ${PACKAGE}/v0 -p image BASE64`,
  },
  v1: {
    platforms: PLATFORMS,
    input: 'request',
    method: 'POST',
    contentType: 'image/jpeg',
    options: 'query',
    limit: REQUEST_BYTES,
    command: "curl -H 'Content-Type: image/jpeg' --data-binary @photo.jpg URL",
  },
  v2: {
    platforms: PLATFORMS,
    input: 'bucket',
    method: 'PUT',
    contentType: 'application/x-www-form-urlencoded',
    options: 'query or body',
    limit: PHOTOGRAPH_BYTES,
    command: "curl --request PUT --data 'bucket=B&name=N' URL",
  },
  v3: {
    platforms: PLATFORMS,
    input: 'event',
    trigger: TRIGGER,
    options: 'metadata of the object',
    limit: PHOTOGRAPH_BYTES,
    command: 'curl --data-binary @photo.jpg URL-OF-IN-BUCKET',
  },
} as const satisfies Readonly<Record<string, WayFacts>>;

/** A way to call the service. */
export type Way = keyof typeof WAYS;

/** A way that a platform has. */
export type WayOn<P extends PlatformName> = {
  [W in Way]: P extends (typeof WAYS)[W]['platforms'][number] ? W : never;
}[Way];

/** All ways, in the order of the lab. */
export const WAY_NAMES = Object.keys(WAYS) as readonly Way[];

/** The ways that a platform has. */
export function waysOn<P extends PlatformName>(platform: P): readonly WayOn<P>[] {
  const has = (way: Way): way is WayOn<P> => (WAYS[way].platforms as readonly PlatformName[]).includes(platform);
  return WAY_NAMES.filter(has);
}
