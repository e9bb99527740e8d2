/** Quick tests share a process: each file finds the variables and the console as if it were the first, and leaves no process to the next. */
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { keepEnvironment } from './environment';
import { listLeftovers, markChildren } from './leftovers';

/** `vi.waitFor` waits for a second by default, which is short on a busy machine; `expect.poll` has its time in vitest.config.mts. */
const { waitFor } = vi;
if (!('patient' in waitFor)) {
  const wait: typeof waitFor = (callback, options) =>
    waitFor(callback, typeof options === 'number' ? options : { timeout: 30_000, ...options });
  vi.waitFor = Object.assign(wait, { patient: true });
}

let restoreEnvironment: () => void;
let environment: NodeJS.ProcessEnv;
let output: Console;

beforeAll(() => {
  markChildren();
  restoreEnvironment = keepEnvironment();
  environment = process.env;
  output = { ...console };
});

// Those of the file itself are before it: hooks end in the opposite order.
afterAll(async () => {
  expect(process.env, 'process.env is the object that it was').toBe(environment);
  restoreEnvironment();
  Object.assign(console, output);
  expect(await listLeftovers(), 'processes that the file has started and not ended').toEqual([]);
});
