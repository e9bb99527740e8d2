import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { hostUrl, type KnownConnection, uuidOf } from '../connection/connection';
import { explaining } from '../entity/lifecycle';
import { absolutePath } from '../entity/path';
import { withoutUndefined } from '../json';
import { checkInputs } from '../provider/check';
import { changedProperties, difference } from '../provider/difference';
import { PartialFailure } from '../provider/partial-failure';
import { pick, refreshed } from '../provider/refreshed';
import { isUnknown } from '../provider/unknown';
import { type Doing, explained } from '../request/explain';
import { RequestError } from '../request/retry';
import { apiInputsOf, apiProperties, type GatewayApi, operationIn, titleOf, urlOf } from './document';
import { deleteOperation, findApi, putOperation, setTitle } from './gateway';
import { type ApiInputs, type ApiOutputs, apiRules, apiSchema } from './inputs';
import { inTurn } from './turn';

const INPUTS = Object.keys(apiSchema.shape);

/** Reports every bad input by name. */
export async function check(_olds: ApiInputs, news: ApiInputs): Promise<CheckResult<ApiInputs>> {
  return checkInputs(apiSchema, news, apiRules);
}

/** Says what an update would change. The gateway's tenant is the UUID of the key: with another one it is another API. */
export async function diff(_id: string, olds: ApiOutputs, news: ApiInputs): Promise<DiffResult> {
  return difference(apiProperties, olds, news, tenantChanged(olds.connection, news.connection) ? ['connection'] : []);
}

/** Creates the operation; one that is there already is only adopted when told so. */
export async function create(inputs: ApiInputs): Promise<CreateResult> {
  return change(inputs, 'create', async () => {
    const existing = operationIn(await findApi(inputs), inputs.path, inputs.verb);
    if (existing !== undefined && inputs.adopt !== true) throw refusal(inputs);
    return write(inputs, 'create');
  });
}

/** Brings the operation into the state of `news`; makes it again when it has vanished. */
export async function update(_id: string, olds: ApiOutputs, news: ApiInputs): Promise<UpdateResult> {
  return change(news, 'update', async () => {
    const api = await findApi(news);
    const found = operationIn(api, news.path, news.verb);
    const unchanged = changedProperties(apiProperties, { ...olds }, { ...news }).length === 0;
    if (api !== undefined && found !== undefined && unchanged && olds.version !== undefined) {
      return { outs: result(news, api).outs };
    }
    return { outs: (await write(news, 'update')).outs };
  });
}

/** Finds what became of the operation; an empty id says it is gone. */
export async function read(id: string, olds: ApiOutputs): Promise<ReadResult> {
  return explaining(doing('read', olds), async () => {
    const api = await findApi(olds);
    const operation = operationIn(api, olds.path, olds.verb);
    if (api === undefined || operation === undefined) return { id: '' };
    const current = refreshed(apiProperties, olds, apiInputsOf(operation, titleOf(api), olds));
    const outs = withoutUndefined({ ...current, url: urlOf(api, olds.path), version: VERSION });
    return { id, props: outs, inputs: pick(outs, INPUTS) };
  });
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
  return inTurn(`${hostUrl(connection.apihost)} ${uuidOf(connection)} ${basePath}`, () =>
    explaining(doing(verb, inputs), step),
  );
}

/** Writes operation and title. Once the operation may exist, a failure goes into the state with what is known of it. */
async function write(inputs: ApiInputs, verb: string) {
  let api: GatewayApi | undefined;
  try {
    api = await putOperation(inputs);
    await setTitle(inputs);
    return result(inputs, api);
  } catch (error) {
    const maybe = error instanceof RequestError && error.answerLost && error.failure.kind !== 'action-failed';
    if (api === undefined && !maybe) throw error;
    const { id, outs } = result(inputs, api);
    const title = titleOf(api);
    const properties = { ...outs, ...(inputs.apiName !== undefined && title !== undefined && { apiName: title }) };
    throw new PartialFailure(id, properties, [explained(error, doing(verb, inputs)).message]);
  }
}

function tenantChanged(old: KnownConnection | undefined, next: KnownConnection): boolean {
  if (old === undefined || isUnknown(next) || isUnknown(next.auth)) return false;
  return uuidOf(old) !== uuidOf(next);
}

function result(inputs: ApiInputs, api: GatewayApi | undefined) {
  const { verb, basePath, path } = inputs;
  // The gateway tells the namespace of the action: one's own, unless the action was named with another.
  const own = absolutePath(inputs.action).startsWith('/_/') ? operationIn(api, path, verb)?.namespace : undefined;
  const namespace = own ?? inputs.connection.namespace;
  const outs = { ...pick(inputs, INPUTS), ...(api && { namespace, url: urlOf(api, path), version: VERSION }) };
  return { id: `${verb.toUpperCase()} ${basePath === '/' ? '' : basePath}${path}`, outs: withoutUndefined(outs) };
}

function doing(verb: string, inputs: ApiInputs): Doing {
  const { connection, secureKey } = inputs;
  return {
    verb,
    what: `API ${inputs.verb.toUpperCase()} ${inputs.basePath}${inputs.path}`,
    connection,
    hide: secureKey,
  };
}

function refusal(inputs: ApiInputs): Error {
  return new Error(
    `${doing('', inputs).what} exists already and was not created by this resource, so it was left as it is.\nDelete it (\`wsk api delete\`), choose another path or verb, or set \`adopt: true\` to take it over.`,
  );
}
