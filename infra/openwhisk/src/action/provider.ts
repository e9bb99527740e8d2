import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { openClient } from '../connection/client';
import { createEntity, deleteEntity, explaining, findEntity, staysInNamespace } from '../entity/lifecycle';
import { withoutUndefined } from '../json';
import { checkInputs, ownProperties } from '../provider/check';
import { changedProperties, difference } from '../provider/difference';
import { pick, refreshed } from '../provider/refreshed';
import { withRetries } from '../request/retry';
import { loadCode } from './code';
import { type ActionDocument, actionBody, actionInputsOf, actionProperties, EXEC_PROPERTIES, execOf } from './document';
import { type ActionInputs, type ActionOutputs, actionSchema } from './inputs';
import { doing, inheritedBy, qualified, requests, result } from './requests';
import { actionRules, codeFileRules } from './rules';

const INPUTS = Object.keys(actionSchema.shape);

/** Reports every bad input by name, the code file included. */
export async function check(_olds: ActionInputs, news: ActionInputs): Promise<CheckResult<ActionInputs>> {
  const onDisk = await codeFileRules(ownProperties(news));
  return checkInputs(actionSchema, news, (inputs) => [...actionRules(inputs), ...onDisk]);
}

/** Says what an update would change; of the code only the digest counts. */
export async function diff(_id: string, olds: ActionOutputs, news: ActionInputs): Promise<DiffResult> {
  return difference(actionProperties, olds, news);
}

/** Creates the action, or adopts one. */
export async function create(inputs: ActionInputs): Promise<CreateResult> {
  const exec = await execFor(inputs);
  const { get, put } = requests(inputs);
  return createEntity<ActionDocument>({
    doing: doing('create', inputs),
    adopt: inputs.adopt ?? false,
    find: () => get(false),
    create: () => put(actionBody(inputs, exec), false),
    takeOver: (existing) => withRetries('any', () => put(actionBody(inputs, exec, existing), true)),
    isOurs: async () => isSame(await withRetries('any', () => get(true)), inputs),
    result: (document) => result(inputs, document),
  });
}

/** Brings the action into the state of `news`; makes it again when it has vanished. */
export async function update(_id: string, olds: ActionOutputs, news: ActionInputs): Promise<UpdateResult> {
  return explaining(doing('update', news), async () => {
    const { get, put } = requests(news);
    const existing = await findEntity(() => get(false));
    if (existing !== undefined) {
      staysInNamespace(doing('update', news), olds.namespace, existing.namespace.split('/')[0] ?? '');
    }
    const untouched = existing !== undefined && existing.version === olds.version && existing.updated === olds.updated;
    const changed = changedProperties(actionProperties, { ...olds }, { ...news });
    if (untouched && changed.length === 0) return { outs: result(news, existing).outs };
    const sameExec = untouched && !changed.some((name) => EXEC_PROPERTIES.includes(name));
    const exec = sameExec ? undefined : await execFor(news);
    const document = await withRetries('any', () => put(actionBody(news, exec, existing), true));
    return { outs: result(news, document).outs };
  });
}

/** Finds what became of the action; an empty id says it is gone. Code is fetched only when the version moved on. */
export async function read(id: string, olds: ActionOutputs): Promise<ReadResult> {
  return explaining(doing('read', olds), async () => {
    const { get } = requests(olds);
    const seen = await findEntity(() => get(false));
    if (seen === undefined) return { id: '' };
    const untouched = seen.version === olds.version && seen.updated === olds.updated;
    const document = untouched ? seen : await withRetries('any', () => get(true));
    const found = actionInputsOf(document, olds, await inheritedBy(olds));
    const { version, updated } = document;
    const current = refreshed(actionProperties, olds, found);
    const outs = withoutUndefined({ ...current, version, updated, url: result(current, document).outs.url });
    return { id, props: outs, inputs: { ...pick(outs, INPUTS), ...inlineCode(outs, document) } };
  });
}

/** Source text belongs to the inputs, not to the outputs: where it was fetched, the inputs get it back. */
function inlineCode({ code }: Pick<ActionInputs, 'code'>, { exec }: ActionDocument): Pick<ActionInputs, 'code'> {
  if (code === undefined || code.file !== undefined || exec.code === undefined || exec.binary === true) return {};
  return { code: { ...code, source: exec.code } };
}

/** Deletes the action. */
async function remove(_id: string, olds: ActionOutputs): Promise<void> {
  const { actions } = openClient(olds.connection);
  await deleteEntity(doing('delete', olds), () => actions.delete({ name: qualified(olds) }));
}

export { remove as delete };

async function execFor(inputs: ActionInputs): Promise<object> {
  return execOf(inputs, inputs.code === undefined ? undefined : await loadCode(inputs.code));
}

async function isSame(document: ActionDocument, inputs: ActionInputs): Promise<boolean> {
  const found = actionInputsOf(document, inputs, await inheritedBy(inputs));
  const namespace = document.namespace.split('/')[0];
  return changedProperties(actionProperties, { ...found, namespace }, { ...inputs }).length === 0;
}
