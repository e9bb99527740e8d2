/**
 * The ways to call the service: one table, which the outputs, the commands, the program, the command and the tests go by. A new
 * way whose `input` is there already is a row of it, and an action.
 */
import { PHOTOGRAPH_BYTES, REQUEST_BYTES } from './limits';
import { API, PACKAGE, TRIGGER } from './names';

/** What runs the service. */
export const PLATFORMS = ['openwhisk', 'cloudrun'] as const;
/** One of {@link PLATFORMS}. */
export type PlatformName = (typeof PLATFORMS)[number];

/** What is known of every way. */
interface Facts {
  readonly platforms: readonly PlatformName[];
  /** Where the parameters of `options.ts` go. */
  readonly options: 'parameters' | 'query' | 'query or body' | 'metadata of the object';
  /** Bytes of the largest photograph. */
  readonly limit: number;
  /** The call as a command for people, in short. */
  readonly command: string;
}

/** Called at a URL of the API, on both platforms. On OpenWhisk, its action has its name. */
interface RequestFacts extends Facts {
  /** What a caller sends: the JPEG, or the name of one in a bucket. */
  readonly input: 'body' | 'bucket';
  readonly method: 'POST' | 'PUT';
  /** Below the base path of the API. */
  readonly path: string;
  readonly contentType: string;
  /** Name of its operation of the API among the resources of a stack: another one would replace the operation. */
  readonly operation: string;
  /** What its action says of itself. */
  readonly description: string;
}

/** Called at OpenWhisk's REST API, with the key: an action of its name by its parameters, or the trigger by hand. */
interface KeyFacts extends Facts {
  readonly input: 'parameter' | 'event';
  /** Path below the namespace. */
  readonly rest: string;
}

/** By parameter, by request body, by name in a bucket, by event of a new file. */
export const WAYS = {
  v0: {
    platforms: ['openwhisk'],
    input: 'parameter',
    rest: `actions/${PACKAGE}/v0?blocking=true&result=true`,
    options: 'parameters',
    limit: REQUEST_BYTES,
    command: `wsk action invoke ${PACKAGE}/v0 -p image BASE64`,
  },
  v1: {
    platforms: PLATFORMS,
    input: 'body',
    method: 'POST',
    path: API.path,
    contentType: 'image/jpeg',
    operation: 'convert-by-body',
    description: 'Converts a JPEG to a PDF: send the JPEG, and the answer is the PDF.',
    options: 'query',
    limit: REQUEST_BYTES,
    command: "curl -H 'Content-Type: image/jpeg' --data-binary @photo.jpg URL",
  },
  v2: {
    platforms: PLATFORMS,
    input: 'bucket',
    // Idempotent: the same bucket and name always give the same object at the same place. POST is v1's.
    method: 'PUT',
    path: API.path,
    contentType: 'application/x-www-form-urlencoded',
    operation: 'convert-by-bucket',
    description: 'Converts a JPEG in a bucket to a PDF in the output bucket: send the bucket and the name of the JPEG.',
    options: 'query or body',
    limit: PHOTOGRAPH_BYTES,
    command: "curl --request PUT --data 'bucket=B&name=N' URL",
  },
  v3: {
    platforms: PLATFORMS,
    input: 'event',
    rest: `triggers/${TRIGGER}`,
    options: 'metadata of the object',
    limit: PHOTOGRAPH_BYTES,
    command: 'curl --data-binary @photo.jpg URL-OF-IN-BUCKET',
  },
} as const satisfies Readonly<Record<string, RequestFacts | KeyFacts>>;

/** A way to call the service. */
export type Way = keyof typeof WAYS;

/** What a caller gives: all ways of one input are called alike. */
export type WayInput = (typeof WAYS)[Way]['input'];

/** A way of an input. */
export type WayBy<I extends WayInput> = { [W in Way]: (typeof WAYS)[W]['input'] extends I ? W : never }[Way];

/** A way that has a URL of the API. */
export type RequestWay = WayBy<RequestFacts['input']>;

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

/** Whether it has a URL of the API. */
export function isRequestWay(way: Way): way is RequestWay {
  return 'method' in WAYS[way];
}

/** Something for each of these ways. */
export function mapWays<W extends Way, T>(ways: readonly W[], make: (way: W) => T): Record<W, T> {
  return Object.fromEntries(ways.map((way) => [way, make(way)])) as Record<W, T>;
}

/** Does what there is to do for the input of a way. */
export function matchInput<T>(way: Way, cases: { readonly [I in WayInput]: (way: WayBy<I>) => T }): T {
  // A case takes the ways of its input, and this is one of them.
  return (cases[WAYS[way].input] as (way: Way) => T)(way);
}
