import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { type KnownConnection, toHostUrl, uuidOf } from '../connection/connection';
import { isMadeAnew } from '../connection/store-gone';
import { checkInputs, pick } from '../dynamic/check-inputs';
import { PartialFailure } from '../dynamic/partial-failure';
import { isUnknown } from '../dynamic/unknown';
import { compareEntities } from '../entity/entity-difference';
import { orGone } from '../entity/entity-gone';
import { makeAbsolute } from '../entity/entity-path';
import { explainErrors } from '../entity/lifecycle';
import { refreshState } from '../entity/refreshed-state';
import { withoutUndefined } from '../json';
import { type Doing, explain } from '../request/explain';
import { RequestError } from '../request/retry';
import {
  apiInputsOf,
  apiProperties,
  type GatewayApi,
  type Operation,
  operationIn,
  titleOf,
  urlOf,
} from './api-document';
import { type ApiInputs, type ApiOutputs, apiSchema, checkApi } from './api-inputs';
import { collisionOf, operationsOf } from './collision';
import { findCollisions } from './declared';
import { deleteOperation, findApi, isThere, listApi, putOperation, setTitle } from './gateway';
import { leadsToOwnAction } from './own-action';
import { takeTurn } from './turn';
import { faultOfAction, requireWebAction } from './web-action';

const INPUTS = Object.keys(apiSchema.shape);

/** Reports every bad input by name. */
export async function check(_olds: ApiInputs, news: ApiInputs): Promise<CheckResult<ApiInputs>> {
  return checkInputs(apiSchema, news, (inputs) => [...checkApi(inputs), ...findCollisions(inputs)]);
}

/**
 * Says what an update would change, or make again. The gateway's tenant is the UUID of the key: with another one it is
 * another API.
 */
export async function diff(_id: string, olds: ApiOutputs, news: ApiInputs): Promise<DiffResult> {
  const replaces = isTenantChanged(olds.connection, news.connection) ? ['connection'] : [];
  return orGone(compareEntities(apiProperties, olds, news, replaces), news.connection, async () =>
    operationIn(await listApi(news), news.path, news.verb),
  );
}

/** Creates the operation; one that is there already is taken over when told so, or when it leads to this stack's own action. */
export async function create(inputs: ApiInputs): Promise<CreateResult> {
  return change(inputs, 'create', async () => {
    const api = await findApi(inputs);
    const existing = operationIn(api, inputs.path, inputs.verb);
    const free = existing === undefined || inputs.adopt === true || (await leadsToOwnAction(inputs, existing));
    if (!free) throw makeRefusal(inputs);
    refuseCollision(api, inputs);
    await requireWebAction(inputs);
    return write(inputs, 'create');
  });
}

/** Brings the operation into the state of `news`; makes it again when it has vanished, or another action answers. */
export async function update(_id: string, olds: ApiOutputs, news: ApiInputs): Promise<UpdateResult> {
  return change(news, 'update', async () => {
    await requireWebAction(news);
    const api = await findApi(news);
    const titled = news.apiName === undefined || titleOf(api) === news.apiName;
    const sameHost = toHostUrl(olds.connection.apihost) === toHostUrl(news.connection.apihost);
    if (api !== undefined && titled && sameHost && isThere(api, news)) return { outs: makeResult(news, api).outs };
    refuseCollision(api, news);
    return { outs: (await write(news, 'update')).outs };
  });
}

/** Finds what became of the operation; an empty id says it is gone, no action that nothing answers behind it. */
export async function read(id: string, olds: ApiOutputs): Promise<ReadResult> {
  return explainErrors(describeStep('read', olds), async () => {
    const api = await findApi(olds);
    const operation = operationIn(api, olds.path, olds.verb);
    if (api === undefined || operation === undefined) return { id: '' };
    const found = apiInputsOf(await addAnswer(olds, operation), titleOf(api), olds);
    const current = refreshState(apiProperties, olds, found);
    const outs = withoutUndefined({ ...current, url: urlOf(api, olds.path), version: VERSION });
    return { id, props: outs, inputs: pick(outs, INPUTS) };
  });
}

/** The operation without its action when that is none that answers. */
async function addAnswer(inputs: ApiInputs, { backend }: Operation): Promise<Operation> {
  if (backend?.namespace === undefined) return backend === undefined ? {} : { backend };
  const fault = await faultOfAction(inputs, backend.action);
  return fault === undefined ? { backend } : {};
}

/** Deletes the operation. */
async function remove(_id: string, olds: ApiOutputs): Promise<void> {
  return change(olds, 'delete', () => deleteOperation(olds));
}

export { remove as delete };

/** The version in the Swagger documents of API management: it never grows. */
const VERSION = '1.0.0';

/** One change of an API after the other. */
function change<T>(inputs: ApiInputs, verb: string, step: () => Promise<T>): Promise<T> {
  const { connection, basePath } = inputs;
  return takeTurn(`${toHostUrl(connection.apihost)} ${uuidOf(connection)} ${basePath}`, () =>
    explainErrors(describeStep(verb, inputs), step),
  );
}

/** Writes operation and title. Once the operation may exist, a failure goes into the state with what is known of it. */
async function write(inputs: ApiInputs, verb: string) {
  let api: GatewayApi | undefined;
  try {
    api = await putOperation(inputs);
    await setTitle(inputs);
    return makeResult(inputs, api);
  } catch (error) {
    const maybe = error instanceof RequestError && error.answerLost && error.failure.kind !== 'action-failed';
    if (api === undefined && !maybe) throw error;
    const { id, outs } = makeResult(inputs, api);
    const title = titleOf(api);
    const properties = { ...outs, ...(inputs.apiName !== undefined && title !== undefined && { apiName: title }) };
    throw new PartialFailure(id, properties, [explain(error, describeStep(verb, inputs)).message]);
  }
}

function isTenantChanged(old: KnownConnection | undefined, next: KnownConnection): boolean {
  if (old === undefined || isUnknown(next) || isUnknown(next.auth)) return false;
  return uuidOf(old) !== uuidOf(next) && !isMadeAnew(old.auth, next.auth);
}

function makeResult(inputs: ApiInputs, api: GatewayApi | undefined) {
  const { verb, basePath, path } = inputs;
  // The gateway tells the namespace of the action: one's own, unless the action was named with another.
  const own = makeAbsolute(inputs.action).startsWith('/_/')
    ? operationIn(api, path, verb)?.backend?.namespace
    : undefined;
  const namespace = own ?? inputs.connection.namespace;
  const outs = { ...pick(inputs, INPUTS), ...(api && { namespace, url: urlOf(api, path), version: VERSION }) };
  return { id: `${verb.toUpperCase()} ${basePath === '/' ? '' : basePath}${path}`, outs: withoutUndefined(outs) };
}

function describeStep(verb: string, inputs: ApiInputs): Doing {
  const { connection, secureKey } = inputs;
  return {
    verb,
    what: `API ${inputs.verb.toUpperCase()} ${inputs.basePath}${inputs.path}`,
    connection,
    hide: secureKey,
  };
}

/** @throws Error when another operation of the API stands in the way, whoever made it */
function refuseCollision(api: GatewayApi | undefined, inputs: ApiInputs): void {
  for (const other of operationsOf(api?.apidoc)) {
    const reason = collisionOf(inputs, other);
    if (reason === undefined) continue;
    const it = `${other.verb.toUpperCase()} ${inputs.basePath}${other.path}`;
    throw new Error(
      `${describeStep('', inputs).what} cannot exist beside ${it}, which already exists: ${reason}.\nGive one of them another path or verb, or delete the other one first (\`wsk api delete\`, or \`pulumi up\` without it).`,
    );
  }
}

function makeRefusal(inputs: ApiInputs): Error {
  return new Error(
    `${describeStep('', inputs).what} already exists and was not created by this resource, so it is unchanged.\nDelete it (\`wsk api delete\`), choose another path or verb, or set \`adopt: true\` to take it over.`,
  );
}
