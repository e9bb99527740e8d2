/**
 * The two requests to a runtime, as apache/openwhisk posts them to /init and /run (`ContainerProxy.initializeAndRun`): what
 * an action finds in its environment comes with them.
 */
import type { Json, JsonObject } from '../../../ground/json';
import { writeJsonBytes } from '../../../ground/json-bytes';
import type { Invocation } from '../contract';

/** Where a runtime finds the code. */
export interface CodeSource {
  /** Source text, or the base64 of a zip; absent when it is unpacked already. */
  readonly code?: string;
  /** Folder of the code, where the launcher is told one. */
  readonly path?: string;
}

/** The JSON for /init, one line with its end. `apiHost` is the URL of the platform; `now` in milliseconds since the epoch. */
export function writeInitRequest(invocation: Invocation, source: CodeSource, apiHost: string, now: number): Buffer {
  const { action } = invocation;
  const env: JsonObject = { ...action.initEnvironment, __OW_API_HOST: apiHost };
  for (const [key, value] of Object.entries(describeContext(invocation, now))) env[`__OW_${key.toUpperCase()}`] = value;
  const main = action.exec.main ?? 'main';
  const name = action.name.slice(action.name.lastIndexOf('/') + 1);
  return writeJsonBytes({ value: { name, main, env, binary: action.exec.binary, ...source } }, '\n');
}

/** The JSON for /run, one line with its end. */
export function writeRunRequest(invocation: Invocation, now: number): Buffer {
  return writeJsonBytes({ value: invocation.parameters, ...describeContext(invocation, now) }, '\n');
}

function describeContext(invocation: Invocation, now: number): Record<string, Json> {
  const { action, apiKey } = invocation;
  return {
    ...(apiKey === undefined ? {} : { api_key: apiKey }),
    namespace: action.namespace,
    action_name: action.name,
    action_version: action.version,
    activation_id: invocation.activationId,
    transaction_id: invocation.transactionId,
    deadline: String(now + action.limits.timeout),
  };
}
