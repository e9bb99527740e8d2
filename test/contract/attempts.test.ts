import { expect, test } from 'vitest';
import { KEYS } from '../../infra/config';
import { DEFAULT_LIMITS } from '../../platform/events/flows';

test('an event is tried as often on this machine as on Google Cloud, unless the config says otherwise', () => {
  expect(`${DEFAULT_LIMITS.maxAttempts}`).toBe(KEYS.deliveryAttempts.default);
});
