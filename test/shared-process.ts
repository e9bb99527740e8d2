/** Quick tests share a process: each file finds the variables and the console as if it were the first. */
import { afterAll, beforeAll, expect } from 'vitest';
import { keepEnvironment } from './environment';

let restoreEnvironment: () => void;
let environment: NodeJS.ProcessEnv;
let output: Console;

beforeAll(() => {
  restoreEnvironment = keepEnvironment();
  environment = process.env;
  output = { ...console };
});

// Those of the file itself are before it: hooks end in the opposite order.
afterAll(() => {
  expect(process.env, 'process.env is the object that it was').toBe(environment);
  restoreEnvironment();
  Object.assign(console, output);
});
