import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { openClient } from '../connection/openwhisk-client';
import { checkInputs } from '../dynamic/check-inputs';
import { PartialFailure } from '../dynamic/partial-failure';
import { compareEntities, findChangedProperties } from '../entity/entity-difference';
import { asDocument } from '../entity/entity-document';
import { orGone } from '../entity/entity-gone';
import { makeAbsolute } from '../entity/entity-path';
import { createEntity, deleteEntity, explainErrors, findEntity, staysInNamespace } from '../entity/lifecycle';
import { writeMark } from '../entity/mark';
import { makeFoundState, makeWrittenState } from '../entity/refreshed-state';
import { type Doing, explain } from '../request/explain';
import { withRetries } from '../request/retry';
import { type RuleDocument, ruleInputsOf, ruleProperties } from './rule-document';
import { type RuleInputs, type RuleOutputs, ruleSchema } from './rule-inputs';

const INPUTS = Object.keys(ruleSchema.shape);

/** Reports every bad input by name. */
export async function check(_olds: RuleInputs, news: RuleInputs): Promise<CheckResult<RuleInputs>> {
  return checkInputs(ruleSchema, news);
}

/** Says what an update would change, or make again. */
export async function diff(_id: string, olds: RuleOutputs, news: RuleInputs): Promise<DiffResult> {
  return orGone(compareEntities(ruleProperties, olds, news), news.connection, () => makeRequests(news).get());
}

/** Creates the rule, or adopts one, then sets its status. */
export async function create(inputs: RuleInputs): Promise<CreateResult> {
  const { get, put } = makeRequests(inputs);
  let document: RuleDocument | undefined;
  const seen = (found: RuleDocument) => {
    document = found;
    return found;
  };
  const created = await createEntity<RuleDocument>({
    doing: describeStep('create', inputs),
    adopt: inputs.adopt ?? false,
    mark: inputs.mark,
    find: get,
    create: async () => seen(await put(false)),
    takeOver: async () => seen(await withRetries('any', () => put(true))),
    isOurs: async (found) => isSame(seen(found), inputs),
    result: (made) => makeResult(inputs, made),
  });
  return { id: created.id, outs: await withStatus(describeStep('create', inputs), inputs, created.outs, document) };
}

/** Brings the rule into the state of `news`; makes it again when it has vanished. The PUT also mends a lost link. */
export async function update(_id: string, olds: RuleOutputs, news: RuleInputs): Promise<UpdateResult> {
  return explainErrors(describeStep('update', news), async () => {
    const { get, put } = makeRequests(news);
    const existing = await findEntity(get);
    if (existing !== undefined) staysInNamespace(describeStep('update', news), olds.namespace, existing.namespace);
    const unchanged = findChangedProperties(ruleProperties, olds, news).length === 0;
    const untouched = existing !== undefined && existing.version === olds.version && unchanged;
    const document = untouched ? existing : await withRetries('any', () => put(true));
    return { outs: await withStatus(describeStep('update', news), news, makeResult(news, document).outs, document) };
  });
}

/** Finds what became of the rule; an empty id says it is gone. */
export async function read(id: string, olds: RuleOutputs): Promise<ReadResult> {
  return explainErrors(describeStep('read', olds), async () => {
    const document = await findEntity(makeRequests(olds).get);
    if (document === undefined) return { id: '' };
    return makeFoundState(id, ruleProperties, olds, ruleInputsOf(document, olds), document);
  });
}

/** Deletes the rule. */
async function remove(_id: string, olds: RuleOutputs): Promise<void> {
  const { rules } = openClient(olds.connection);
  await deleteEntity(describeStep('delete', olds), () => rules.delete({ name: olds.name }));
}

export { remove as delete };

/**
 * Switches the rule on or off: a PUT leaves the status of an existing rule alone and makes a new one active.
 * @returns the outputs; @throws PartialFailure with the status as it is.
 */
async function withStatus(
  what: Doing,
  inputs: RuleInputs,
  outs: object,
  document: RuleDocument | undefined,
): Promise<object> {
  const wanted = inputs.status ?? 'active';
  const actual = document?.status === 'inactive' ? 'inactive' : 'active';
  if (wanted === actual) return outs;
  const { rules } = openClient(inputs.connection);
  const { name } = inputs;
  try {
    await withRetries('any', () => (wanted === 'active' ? rules.enable({ name }) : rules.disable({ name })));
    return outs;
  } catch (error) {
    const step = { ...what, verb: 'set the status of' };
    const { id } = makeResult(inputs, document);
    throw new PartialFailure(id, { ...outs, status: actual }, [explain(error, step).message]);
  }
}

function makeRequests(inputs: RuleInputs) {
  const { rules } = openClient(inputs.connection);
  const { name } = inputs;
  const [trigger, action] = [makeAbsolute(inputs.trigger), makeAbsolute(inputs.action)];
  // The client takes annotations for every entity; its type of a rule leaves them out.
  const own = { name, trigger, action, ...(inputs.mark && { annotations: writeMark(inputs.mark) }) };
  return {
    get: async () => asDocument<RuleDocument>(await rules.get({ name })),
    put: async (overwrite: boolean) => asDocument<RuleDocument>(await rules.create({ ...own, overwrite })),
  };
}

/** The status apart, which a second step sets. */
function isSame(document: RuleDocument, inputs: RuleInputs): boolean {
  const found = { ...ruleInputsOf(document, inputs), namespace: document.namespace };
  return findChangedProperties(ruleProperties, found, inputs).every((name) => name === 'status');
}

function makeResult(inputs: RuleInputs, document: RuleDocument | undefined) {
  return makeWrittenState(inputs, INPUTS, document);
}

function describeStep(verb: string, { connection, name }: RuleInputs): Doing {
  return { verb, what: `rule "${name}"`, connection };
}
