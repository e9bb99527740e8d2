import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { openClient } from '../connection/openwhisk-client';
import { checkInputs, pick } from '../dynamic/check-inputs';
import { PartialFailure } from '../dynamic/partial-failure';
import { compareEntities, findChangedProperties } from '../entity/entity-difference';
import { asDocument } from '../entity/entity-document';
import { orGone } from '../entity/entity-gone';
import { createEntity, deleteEntity, explainErrors, findEntity, staysInNamespace } from '../entity/lifecycle';
import { makeFoundState, makeWrittenState } from '../entity/refreshed-state';
import { type Doing, explain } from '../request/explain';
import { withRetries } from '../request/retry';
import { createFeed, deleteFeed } from './feed';
import {
  FEED_PROPERTIES,
  makeTriggerBody,
  type TriggerDocument,
  triggerInputsOf,
  triggerProperties,
} from './trigger-document';
import { checkTrigger, type TriggerInputs, type TriggerOutputs, triggerSchema } from './trigger-inputs';

const INPUTS = Object.keys(triggerSchema.shape);

/** Reports every bad input by name. */
export async function check(_olds: TriggerInputs, news: TriggerInputs): Promise<CheckResult<TriggerInputs>> {
  return checkInputs(triggerSchema, news, checkTrigger);
}

/** Says what an update would change, or make again. */
export async function diff(_id: string, olds: TriggerOutputs, news: TriggerInputs): Promise<DiffResult> {
  return orGone(compareEntities(triggerProperties, olds, news), news.connection, () => makeRequests(news).get());
}

/** Creates the trigger, or adopts one, then tells its feed. */
export async function create(inputs: TriggerInputs): Promise<CreateResult> {
  const { get, put } = makeRequests(inputs);
  let adopted: TriggerDocument | undefined;
  const created = await createEntity<TriggerDocument>({
    doing: describeStep('create', inputs),
    adopt: inputs.adopt ?? false,
    mark: inputs.mark,
    find: get,
    create: () => put(false),
    takeOver: (existing) => {
      adopted = existing;
      return withRetries('any', () => put(true));
    },
    isOurs: async (found) => isSame(found, inputs),
    result: (document) => makeResult(inputs, document),
  });
  const told = adopted === undefined ? undefined : triggerInputsOf(adopted, inputs).feed;
  const before = told === undefined ? undefined : { ...inputs, feed: told };
  return {
    id: created.id,
    outs: await withFeed(describeStep('create', inputs), inputs, created.outs as TriggerOutputs, before),
  };
}

/** Brings the trigger into the state of `news`; makes it again when it has vanished. */
export async function update(_id: string, olds: TriggerOutputs, news: TriggerInputs): Promise<UpdateResult> {
  return explainErrors(describeStep('update', news), async () => {
    const { get, put } = makeRequests(news);
    const existing = await findEntity(get);
    if (existing !== undefined) staysInNamespace(describeStep('update', news), olds.namespace, existing.namespace);
    const changed = findChangedProperties(triggerProperties, olds, news);
    const untouched = existing !== undefined && existing.version === olds.version && changed.length === 0;
    const document = untouched ? existing : await withRetries('any', () => put(true));
    const { outs } = makeResult(news, document);
    const feedChanged = existing === undefined || changed.some((name) => FEED_PROPERTIES.includes(name));
    if (!feedChanged) return { outs };
    return { outs: await withFeed(describeStep('update', news), news, outs, { ...olds, connection: news.connection }) };
  });
}

/** Finds what became of the trigger; an empty id says it is gone. */
export async function read(id: string, olds: TriggerOutputs): Promise<ReadResult> {
  return explainErrors(describeStep('read', olds), async () => {
    const document = await findEntity(makeRequests(olds).get);
    if (document === undefined) return { id: '' };
    return makeFoundState(id, triggerProperties, olds, triggerInputsOf(document, olds), document);
  });
}

/** Unregisters the trigger from its feed, then deletes it. */
async function remove(_id: string, olds: TriggerOutputs): Promise<void> {
  const { triggers } = openClient(olds.connection);
  await explainErrors(describeStep('unregister the feed of', olds), () => deleteFeed(olds, nameTrigger(olds)));
  await deleteEntity(describeStep('delete', olds), () => triggers.delete({ name: olds.name }));
}

export { remove as delete };

/**
 * Unregisters the trigger from the feed of `before` and registers it with that of `inputs`.
 * @returns the outputs; @throws PartialFailure with outputs that tell which feed, if any, knows the trigger now.
 */
async function withFeed(
  what: Doing,
  inputs: TriggerInputs,
  outs: TriggerOutputs,
  before: TriggerInputs | undefined,
): Promise<TriggerOutputs> {
  const { feed: _feed, feedParameters: _parameters, ...trigger } = outs;
  const told = (from: TriggerInputs | undefined) => ({ ...trigger, ...pick(from ?? {}, FEED_PROPERTIES) });
  let known = before;
  try {
    if (before !== undefined) await deleteFeed(before, nameTrigger(outs));
    known = undefined;
    await createFeed(inputs, nameTrigger(outs));
    return outs;
  } catch (error) {
    const hide = [what.hide, inputs.feedParameters, before?.feedParameters];
    const step = { ...what, verb: `${what.verb} the feed of`, hide };
    throw new PartialFailure(nameTrigger(outs), told(known), [explain(error, step).message]);
  }
}

function makeRequests(inputs: TriggerInputs) {
  const { triggers } = openClient(inputs.connection);
  const { name } = inputs;
  return {
    get: async () => asDocument<TriggerDocument>(await triggers.get({ name })),
    put: async (overwrite: boolean) =>
      asDocument<TriggerDocument>(await triggers.create({ name, trigger: makeTriggerBody(inputs), overwrite })),
  };
}

function isSame(document: TriggerDocument, inputs: TriggerInputs): boolean {
  const found = { ...triggerInputsOf(document, inputs), namespace: document.namespace };
  return findChangedProperties(triggerProperties, found, inputs).length === 0;
}

function makeResult(inputs: TriggerInputs, document: TriggerDocument | undefined) {
  // A trigger nobody has seen has not been told to its feed either.
  const known = document === undefined ? INPUTS.filter((name) => !FEED_PROPERTIES.includes(name)) : INPUTS;
  return makeWrittenState(inputs, known, document);
}

function nameTrigger({ namespace, name }: { namespace: string; name: string }): string {
  return `/${namespace}/${name}`;
}

function describeStep(verb: string, inputs: TriggerInputs): Doing {
  const { connection, name, parameters, feedParameters } = inputs;
  return { verb, what: `trigger "${name}"`, connection, hide: [parameters, feedParameters] };
}
