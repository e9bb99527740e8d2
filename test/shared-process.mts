/** Quick tests share a process: each file finds the variables and the console as if it were the first. */
import { afterAll, beforeAll } from 'vitest';

let environment: NodeJS.ProcessEnv;
let output: Console;

beforeAll(() => {
  environment = { ...process.env };
  output = { ...console };
});

// Those of the file itself are before it: hooks end in the opposite order.
afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  Object.assign(console, output);
});
