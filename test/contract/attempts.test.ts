import { expect, test } from 'vitest';
import { EVENT_KEYS } from '../../infra/config/keys/events';
import { DEFAULT_LIMITS } from '../../platform/events/flows';

test('an event is tried as often on this machine as on Google Cloud, unless the config says otherwise', () => {
  expect(`${DEFAULT_LIMITS.maxAttempts}`).toBe(EVENT_KEYS.deliveryAttempts.default);
});
