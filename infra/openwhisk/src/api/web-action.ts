import { openClient } from '../connection/openwhisk-client';
import { asDocument, toObject } from '../entity/entity-document';
import { makeAbsolute } from '../entity/entity-path';
import { isFailure, withRetries } from '../request/retry';
import type { ApiInputs } from './api-inputs';

/** Why nothing answers behind an operation, or undefined: there is a web action, or nobody may look. */
export type Fault = 'absent' | 'no web action' | undefined;

/** Looks at the action. Of another namespace one may be callable by the web and yet not to be read. */
export async function faultOfAction({ connection }: ApiInputs, action: string): Promise<Fault> {
  const { actions } = openClient(connection);
  const options = { name: makeAbsolute(action), code: false }; // `code` is left out of the client's types
  try {
    const document = await withRetries('any', async () => asDocument(await actions.get(options)));
    return toObject(document.annotations)['web-export'] === true ? undefined : 'no web action';
  } catch (error) {
    if (isFailure(error, 'forbidden')) return undefined;
    if (isFailure(error, 'absent', 'other-collection')) return 'absent';
    throw error;
  }
}

/** Refuses an operation that nothing would answer: API management itself does not look. @throws Error in words */
export async function requireWebAction(inputs: ApiInputs): Promise<void> {
  const fault = await faultOfAction(inputs, inputs.action);
  if (fault === undefined) return;
  throw new Error(
    fault === 'absent'
      ? `There is no action "${inputs.action}", so the API would answer 404 to every call.\nCreate it first: set \`action\` to the \`fullyQualifiedName\` of its resource, so that Pulumi creates it before the API.`
      : `The action "${inputs.action}" is not a web action, so the API would answer 404 to every call.\nSet \`web: 'on'\` (or 'raw') for it.`,
  );
}
