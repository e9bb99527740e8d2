/** The identity of the tests: a key that opens nothing anywhere else. */
import type { Identity } from '../../platform/openwhisk/core';

export const identity: Identity = {
  subject: 'guest',
  namespace: 'guest',
  uuid: '5e1f6a52-9d6b-4f3c-8f7a-3b1c0d2e4f60',
  key: 'testOnly'.repeat(8),
};

/** `Authorization` of the identity. */
export const authorization = `Basic ${Buffer.from(`${identity.uuid}:${identity.key}`).toString('base64')}`;
