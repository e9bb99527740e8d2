import { openClient } from '../connection/openwhisk-client';
import { asDocument, type EntityDocument } from '../entity/entity-document';
import { findEntity } from '../entity/lifecycle';
import { isSameStack, markIn } from '../entity/mark';
import { isFailure } from '../request/retry';
import type { Operation } from './api-document';
import type { ApiInputs } from './api-inputs';

/**
 * Whether an operation that is there is this stack's own, of a run that was killed. The gateway keeps nothing but what it
 * needs, so no mark can be put on an operation: it is known by the action it leads to.
 */
export async function leadsToOwnAction({ connection, mark }: ApiInputs, { backend }: Operation): Promise<boolean> {
  if (mark === undefined || backend?.namespace === undefined) return false;
  const { actions } = openClient(connection);
  const options = { name: backend.action, code: false };
  try {
    const found = await findEntity(async () => asDocument<EntityDocument>(await actions.get(options)));
    return isSameStack(markIn(found?.annotations), mark);
  } catch (error) {
    if (isFailure(error, 'forbidden')) return false;
    throw error;
  }
}
