import { openClient } from '../connection/openwhisk-client';
import { makeAbsolute } from '../entity/entity-path';
import { findEntity } from '../entity/lifecycle';
import { isObject } from '../json';
import { isFailure, RequestError, withRetries } from '../request/retry';
import { apiIn, type GatewayApi, operationIn, parseGatewayApi, titleOf } from './api-document';
import type { ApiInputs } from './api-inputs';
import { findSharingId } from './collision';

/** How often a change is made again after another process, in the middle of its own, wrote over it. */
const RACES = 5;

/** The API of the inputs' base path as the gateway has it; asked once. */
export async function listApi({ connection, basePath }: ApiInputs): Promise<GatewayApi | undefined> {
  const { routes } = openClient(connection);
  return apiIn(await makeRetryable(() => routes.list({ basepath: basePath })), basePath);
}

/** The same, patiently. */
export async function findApi(inputs: ApiInputs): Promise<GatewayApi | undefined> {
  return findEntity(async () => listApi(inputs));
}

/**
 * Writes the operation and looks whether it stayed: a program elsewhere may change the same API at the same time.
 * Repeating is safe, for the same verb and path replace the operation in its place.
 */
export async function putOperation(inputs: ApiInputs): Promise<GatewayApi> {
  for (let attempt = 1; attempt <= RACES; attempt++) {
    await createApi(inputs);
    const api = await findApi(inputs);
    if (api !== undefined && isThere(api, inputs)) return api;
  }
  throw makeLostRace(`changed ${RACES} times by somebody else while this was being written`);
}

/** Gives the API another title: createApi keeps the first one, so the whole document is written back with the new. */
export async function setTitle(inputs: ApiInputs): Promise<void> {
  for (let attempt = 1; attempt <= RACES; attempt++) {
    const api = await findApi(inputs);
    if (inputs.apiName === undefined || titleOf(api) === inputs.apiName) return;
    if (api === undefined) throw makeLostRace('deleted by somebody else');
    await writeDocument(inputs, { ...api.apidoc, info: { version: '1.0.0', title: inputs.apiName } });
  }
  throw makeLostRace(`given another title by somebody else ${RACES} times`);
}

/** Removes the operation; with the last one the gateway removes the API. One that is gone already is fine. */
export async function deleteOperation(inputs: ApiInputs): Promise<void> {
  const { connection, basePath, path, verb } = inputs;
  const api = await findApi(inputs);
  if (api !== undefined && findSharingId(api.apidoc, inputs).length > 0) return removeFromDocument(inputs);
  const { routes } = openClient(connection);
  const operation = verb.toUpperCase();
  try {
    const options = { basepath: basePath, relpath: path, operation: operation as 'GET' };
    await withRetries('any', () => makeRetryable(() => routes.delete(options)));
  } catch (error) {
    const gone = isFailure(error, 'action-failed') && /does not exist/.test(error.failure.text);
    if (!gone && !isFailure(error, 'absent')) throw error;
  }
}

/**
 * Takes the operation out of the document and leaves its case to the others with the same id: `deleteApi` would remove
 * that as well, and a gateway refuses a document in which an operation has none.
 */
async function removeFromDocument(inputs: ApiInputs): Promise<void> {
  const verb = inputs.verb.toLowerCase();
  for (let attempt = 1; attempt <= RACES; attempt++) {
    const api = await findApi(inputs);
    if (api === undefined || operationIn(api, inputs.path, verb) === undefined) return;
    const paths = isObject(api.apidoc.paths) ? api.apidoc.paths : {};
    const { [inputs.path]: item, ...others } = paths;
    const { [verb]: _, ...verbs } = isObject(item) ? item : {};
    const rest = Object.keys(verbs).length === 0 ? others : { ...others, [inputs.path]: verbs };
    await writeDocument(inputs, { ...api.apidoc, paths: rest });
  }
  throw makeLostRace(`put back ${RACES} times by somebody else`);
}

/** Replaces the whole document of the API. */
async function writeDocument({ connection }: ApiInputs, swagger: object): Promise<void> {
  const { routes } = openClient(connection);
  const options = { swagger, ...UNUSED };
  await withRetries('any', () => makeRetryable(() => routes.create(options)));
}

/** The client's types ask for these even beside a Swagger document, which is all it then sends. */
const UNUSED = { relpath: '', operation: '', action: '' } as const;

async function createApi(inputs: ApiInputs): Promise<void> {
  const { connection, basePath, path, verb, action, responseType, apiName, secureKey } = inputs;
  const { routes } = openClient(connection);
  const options = {
    basepath: basePath,
    relpath: path,
    operation: verb.toUpperCase() as 'GET',
    action: makeAbsolute(action),
    responsetype: responseType ?? 'json',
    ...(apiName !== undefined && { name: apiName }),
    ...(secureKey !== undefined && { secure_key: secureKey }),
  };
  const answer: unknown = await withRetries('any', () => makeRetryable(() => routes.create(options)));
  if (parseGatewayApi(answer) === undefined) throw makeLostRace('answered without a description of the API');
}

/** Whether the operation is served as the inputs have it, by the action, in the form and with the key. */
export function isThere(api: GatewayApi, inputs: ApiInputs): boolean {
  const backend = operationIn(api, inputs.path, inputs.verb)?.backend;
  if (backend === undefined || backend.responseType !== (inputs.responseType ?? 'json')) return false;
  const wanted = makeAbsolute(inputs.action).replace(/^\/_\//, `/${backend.namespace}/`);
  return backend.action === wanted && backend.secureKey === inputs.secureKey;
}

/**
 * API management answers in the name of the gateway behind it with a 502 of its own; trouble of the gateway passes,
 * its refusals do not.
 */
async function makeRetryable<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    // Without a status there was no answer: then the words are about the way to API management itself.
    const answered = isObject(error) && error.statusCode !== undefined;
    const text = answered && error instanceof Error ? error.message : '';
    const passing = /status code 5\d\d|ECONN|ETIMEDOUT|timed? ?out|Concurrent modification/i.test(text);
    if (passing) throw Object.assign(new Error(text), { statusCode: 503, error: { error: text } });
    throw error;
  }
}

function makeLostRace(what: string): RequestError {
  return new RequestError({ kind: 'concurrent', text: `the API was ${what}` }, false);
}
