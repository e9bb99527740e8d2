/** Keys of the events of new files: the feed on a cluster. */
import { type ConfigKey, imageName, wholeNumber } from '../key';
import { demand, reject, type Values } from '../problem';
import type { Reader } from '../reader';
import { GOOGLE_CLOUD_KEYS } from './google-cloud';
import { RUNTIME_KEYS } from './runtime';
import { STORAGE_KEYS } from './storage';

export const EVENT_KEYS = {
  deliveryAttempts: {
    schema: wholeNumber(5, 100),
    allowed: 'attempts to deliver an event, 5 to 100; then it becomes a dead letter',
    example: '10',
    default: '10',
    platform: 'openwhisk',
  },
  feedImage: {
    schema: imageName,
    allowed: 'a ready image of feed/Dockerfile; nothing is built then',
    example: 'docker.io/ada/feed:1',
    platform: 'openwhisk',
  },
} as const satisfies Record<string, ConfigKey>;

/** For buckets that the stack does not create: `project` turns events on. */
export const OWN_EVENT_KEYS = {
  ...EVENT_KEYS,
  project: GOOGLE_CLOUD_KEYS.project,
  registry: RUNTIME_KEYS.registry,
  keyRotation: STORAGE_KEYS.keyRotation,
};

/** How events reach OpenWhisk from an input bucket that the stack has not created. */
export type OwnEventsConfig = Readonly<NonNullable<ReturnType<typeof readOwnEvents>>>;

/** How events of new files reach OpenWhisk. */
export function readEvents(read: Reader<keyof typeof EVENT_KEYS | 'registry'>) {
  return {
    /** Attempts after which an event is a dead letter. */
    deliveryAttempts: read.number('deliveryAttempts'),
    /** It is built when undefined. */
    feedImage: read.maybe('feedImage'),
    /** Where it is pushed to; target gke creates one when undefined. */
    registry: read.maybe('registry'),
  };
}

/** Reads {@link OwnEventsConfig}; undefined without the project of the input bucket. */
export function readOwnEvents(read: Reader<keyof typeof OWN_EVENT_KEYS>, stack: string) {
  const project = read.maybe('project');
  return project === undefined
    ? undefined
    : { ...readEvents(read), stack, project, keyRotation: read.text('keyRotation') };
}

/** Finds, in words, what is useless or impossible on a target with {@link OWN_EVENT_KEYS}; `others` are further keys of the feed alone. */
export function findOwnEventConflicts(values: Values, others: readonly string[] = []): string[] {
  if (!values.has('project')) {
    const set = [...Object.keys(EVENT_KEYS), 'keyRotation', ...others].filter((name) => values.has(name));
    return set.map((name) => reject(name, 'a value, but without project there are no events'));
  }
  if (!values.has('storageEndpoint')) return [];
  return [
    reject(
      'project',
      'a value together with storageEndpoint, but an emulator sends Pub/Sub no events',
      'one of the two',
    ),
  ];
}

/** Says, on such a target, that the image of the feed has nowhere to go. */
export function askForFeedRegistry(values: Values): string[] {
  if (!values.has('project') || values.has('feedImage') || values.has('registry')) return [];
  const allowed = 'where to push the image of the feed, or `feedImage` with a ready one';
  return [demand('registry', RUNTIME_KEYS.registry, 'nothing, and no feedImage, but project turns events on', allowed)];
}
