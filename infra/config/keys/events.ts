/** Keys of the events of new files: the feed on a cluster. */
import { type ConfigKey, imageName, REMOTE, wholeNumber } from '../key';
import type { Reader } from '../reader';

export const EVENT_KEYS = {
  deliveryAttempts: {
    schema: wholeNumber(5, 100),
    allowed: 'attempts to deliver an event, 5 to 100; then it becomes a dead letter',
    example: '10',
    default: '10',
    platform: 'openwhisk',
    optional: REMOTE,
  },
  feedImage: {
    schema: imageName,
    allowed: 'a ready image of feed/Dockerfile; nothing is built then',
    example: 'docker.io/ada/feed:1',
    platform: 'openwhisk',
    optional: REMOTE,
  },
} as const satisfies Record<string, ConfigKey>;

type Read = Reader<keyof typeof EVENT_KEYS | 'registry' | 'project' | 'keyRotation'>;

/** How events reach OpenWhisk from an input bucket that the stack has not created. */
export type OwnEventsConfig = Readonly<NonNullable<ReturnType<typeof readOwnEvents>>>;

/** How events of new files reach OpenWhisk. */
export function readEvents(read: Read) {
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
export function readOwnEvents(read: Read, stack: string) {
  const project = read.maybe('project');
  return project === undefined
    ? undefined
    : { ...readEvents(read), stack, project, keyRotation: read.text('keyRotation') };
}
