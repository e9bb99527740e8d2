import { isUnknown } from '../dynamic/unknown';
import type { PropertyRules } from '../entity/entity-difference';
import { type EntityDocument, toKeyValues, toObject, withoutKeys } from '../entity/entity-document';
import { canonicalizePath } from '../entity/entity-path';
import { MARK, readMark, writeMark } from '../entity/mark';
import type { TriggerInputs } from './trigger-inputs';

/** A trigger as OpenWhisk shows it. */
export type TriggerDocument = EntityDocument;

/**
 * How triggers are compared. A feed that is not known is that of an action about to be replaced: the trigger must sign
 * off while that action still exists, so it is replaced along. Any other change of feed is a DELETE and a CREATE.
 */
export const triggerProperties: PropertyRules = {
  name: { identity: true },
  parameters: { canonical: (value) => value ?? {} },
  annotations: { canonical: (value) => value ?? {} },
  publish: { canonical: (value) => value ?? false },
  feed: {
    canonical: (value, { namespace }) => canonicalizePath(value, namespace),
    identity: (_old, next) => isUnknown(next),
  },
  feedParameters: { canonical: (value) => value ?? {} },
  mark: {},
};

/** What the feed has to be told about. */
export const FEED_PROPERTIES = ['feed', 'feedParameters'];

/** The body of a PUT: lists are sent whole, for OpenWhisk keeps what a PUT leaves out. */
export function makeTriggerBody(inputs: TriggerInputs): object {
  const { parameters, annotations, feed, publish, mark } = inputs;
  return {
    parameters: toKeyValues(parameters),
    // Only a note: telling the feed is the deployer's work.
    annotations: toKeyValues({ ...annotations, ...(feed !== undefined && { feed }), ...writeMark(mark) }),
    publish: publish ?? false,
  };
}

/** The inputs that describe a trigger as it is. What a feed was told cannot be asked. */
export function triggerInputsOf(
  document: TriggerDocument,
  previous: TriggerInputs,
): Omit<TriggerInputs, 'connection' | 'adopt'> {
  const annotations = toObject(document.annotations);
  const noted = typeof annotations.feed === 'string' ? annotations.feed : undefined;
  return {
    name: previous.name,
    parameters: toObject(document.parameters),
    annotations: withoutKeys(annotations, 'feed', MARK),
    ...readMark(document.annotations),
    publish: document.publish ?? false,
    ...(noted !== undefined && { feed: noted }),
    ...(noted !== undefined && previous.feedParameters !== undefined && { feedParameters: previous.feedParameters }),
  };
}
