import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { openClient } from '../connection/openwhisk-client';
import { checkInputs, ownProperties, pick } from '../dynamic/check-inputs';
import { compareEntities, findChangedProperties } from '../entity/entity-difference';
import { orGone } from '../entity/entity-gone';
import { createEntity, deleteEntity, explainErrors, findEntity, staysInNamespace } from '../entity/lifecycle';
import { refreshState } from '../entity/refreshed-state';
import { isSameJson, withoutUndefined } from '../json';
import { withRetries } from '../request/retry';
import {
  type ActionDocument,
  actionInputsOf,
  actionProperties,
  EXEC_PROPERTIES,
  execOf,
  makeActionBody,
} from './action-document';
import { type ActionInputs, type ActionOutputs, actionSchema } from './action-inputs';
import { describeStep, makeRequests, makeResult, qualify, readInherited } from './action-requests';
import { checkAction, checkCodeFile } from './action-rules';
import { isAtHand, isOutdated } from './at-hand';
import { digestOf, digestOfExec, loadCode } from './code';

const INPUTS = Object.keys(actionSchema.shape);

/** Reports every bad input by name, the code file included. */
export async function check(_olds: ActionInputs, news: ActionInputs): Promise<CheckResult<ActionInputs>> {
  const onDisk = await checkCodeFile(ownProperties(news));
  return checkInputs(actionSchema, news, (inputs) => [...checkAction(inputs), ...onDisk]);
}

/** Says what an update would change, or make again; of the code only the digest counts, and it only where it could be sent. */
export async function diff(_id: string, olds: ActionOutputs, news: ActionInputs): Promise<DiffResult> {
  const changes = compareEntities(actionProperties, olds, makeSendable(olds, news));
  return orGone(changes, news.connection, () => makeRequests(news).get(false));
}

/** Creates the action, or adopts one. */
export async function create(given: ActionInputs): Promise<CreateResult> {
  const { exec, inputs } = await prepareToSend(given);
  const { get, put } = makeRequests(inputs);
  return createEntity<ActionDocument>({
    doing: describeStep('create', inputs),
    adopt: inputs.adopt ?? false,
    mark: inputs.mark,
    find: () => get(false),
    create: () => put(makeActionBody(inputs, exec), false),
    takeOver: (existing) => withRetries('any', () => put(makeActionBody(inputs, exec, existing), true)),
    isOurs: async () => isSame(await withRetries('any', () => get(true)), inputs),
    result: (document) => makeResult(inputs, document),
  });
}

/** Brings the action into the state of `news`; makes it again when it has vanished. */
export async function update(_id: string, olds: ActionOutputs, news: ActionInputs): Promise<UpdateResult> {
  return explainErrors(describeStep('update', news), async () => {
    const { get, put } = makeRequests(news);
    const existing = await findEntity(() => get(false));
    if (existing !== undefined) {
      staysInNamespace(describeStep('update', news), olds.namespace, existing.namespace.split('/')[0] ?? '');
    }
    const untouched = existing !== undefined && existing.version === olds.version && existing.updated === olds.updated;
    const wanted = makeSendable(olds, news);
    const changed = findChangedProperties(actionProperties, olds, wanted);
    if (untouched && changed.length === 0) return { outs: makeResult(wanted, existing).outs };
    const sameExec = untouched && !changed.some((name) => EXEC_PROPERTIES.includes(name));
    const { exec, inputs } = sameExec
      ? { exec: undefined, inputs: wanted }
      : await prepareToSend(news, existing && (() => withRetries('any', () => get(true))));
    const document = await withRetries('any', () => put(makeActionBody(inputs, exec, existing), true));
    return { outs: makeResult(inputs, document).outs };
  });
}

/** Finds what became of the action; an empty id says it is gone. Code is fetched only when the version moved on. */
export async function read(id: string, olds: ActionOutputs): Promise<ReadResult> {
  return explainErrors(describeStep('read', olds), async () => {
    const { get } = makeRequests(olds);
    const seen = await findEntity(() => get(false));
    if (seen === undefined) return { id: '' };
    const untouched = seen.version === olds.version && seen.updated === olds.updated;
    const document = untouched ? seen : await withRetries('any', () => get(true));
    const found = actionInputsOf(document, olds, await readInherited(olds));
    const { version, updated } = document;
    const current = refreshState(actionProperties, olds, found);
    const outs = withoutUndefined({ ...current, version, updated, url: makeResult(current, document).outs.url });
    // Without inputs the engine keeps those it has: only they have the source of inline code.
    if (isSameJson(outs, withoutUndefined(olds))) return { id, props: outs };
    const inline = outs.code !== undefined && outs.code.file === undefined;
    const whole = inline && document.exec.code === undefined ? await withRetries('any', () => get(true)) : document;
    return { id, props: outs, inputs: { ...pick(outs, INPUTS), ...readInlineCode(outs, whole) } };
  });
}

/** Source text belongs to the inputs, not to the outputs: the inputs get it back from what was fetched. */
function readInlineCode({ code }: Pick<ActionInputs, 'code'>, { exec }: ActionDocument): Pick<ActionInputs, 'code'> {
  if (code === undefined || code.file !== undefined || exec.code === undefined) return {};
  // OpenWhisk takes text that looks like base64 for a binary; it still has the text.
  return exec.binary === true && digestOf(exec.code) !== code.sha256 ? {} : { code: { ...code, source: exec.code } };
}

/** Deletes the action. */
async function remove(_id: string, olds: ActionOutputs): Promise<void> {
  const { actions } = openClient(olds.connection);
  await deleteEntity(describeStep('delete', olds), () => actions.delete({ name: qualify(olds) }));
}

export { remove as delete };

/** The inputs with the code of the state in place of one that cannot be sent, so that it counts as no change. */
function makeSendable(olds: ActionOutputs, news: ActionInputs): ActionInputs {
  if (isAtHand(news.code)) return news;
  const { code: _, ...others } = news;
  return { ...others, ...(olds.code !== undefined && { code: olds.code }) };
}

/**
 * The `exec` of a PUT, and the inputs with the digest of what it holds. Code that is not at hand stays as OpenWhisk has
 * it; where nothing is there, the file is deployed as it now is.
 */
async function prepareToSend(inputs: ActionInputs, held?: () => Promise<ActionDocument>) {
  const { code } = inputs;
  if (code === undefined) return { exec: execOf(inputs, undefined), inputs };
  if (isAtHand(code)) return { exec: execOf(inputs, await loadCode(code)), inputs };
  const { code: kept, binary } = (await held?.())?.exec ?? {};
  const encoded = kept ? { code: kept, binary: binary ?? false } : await loadCode(code, isOutdated(code));
  const deployed = { ...inputs, code: { ...code, sha256: digestOfExec(encoded) } };
  return { exec: execOf(inputs, encoded), inputs: deployed };
}

async function isSame(document: ActionDocument, inputs: ActionInputs): Promise<boolean> {
  const found = actionInputsOf(document, inputs, await readInherited(inputs));
  const namespace = document.namespace.split('/')[0];
  return findChangedProperties(actionProperties, { ...found, namespace }, inputs).length === 0;
}
