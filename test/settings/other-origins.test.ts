/** A page of another origin may ask a visitor's browser to call an action; the browser says so, and the action refuses. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { PROJECT_ROOT } from '../../infra/packaging';
import { deployed } from '../actions/deployed';
import { PHOTO, PythonAction } from '../actions/python-action';

const NAMES = ['v1', 'v2', 'upload', 'result'] as const;
type Main = (args: JsonObject) => Promise<JsonObject>;
const activation = (createRequire(__filename)(path.join(PROJECT_ROOT, 'actions/activation/index.js')) as { main: Main })
  .main;

let actions: Record<string, Main>;
let started: PythonAction[];
beforeAll(async () => {
  started = await Promise.all(NAMES.map((name) => PythonAction.start(name)));
  const python = NAMES.map((name, index): [string, Main] => [
    name,
    async (args) => (await started[index]?.run(name === 'v1' ? args : deployed(name, args))) ?? {},
  ]);
  const settings = { 'ca-certificate': '', insecure: false };
  actions = { ...Object.fromEntries(python), activation: (args) => activation({ ...args, settings }) };
});
afterAll(() => Promise.all(started.map((action) => action.stop())));

const call = (name: string, headers: JsonObject) =>
  actions[name]?.({ __ow_method: 'post', __ow_headers: headers, __ow_body: PHOTO.toString('base64') });

describe.each([...NAMES, 'activation'])('%s', (name) => {
  test.each(['cross-site', 'same-site', 'SAME-ORIGIN', ''])('refuses a page that is %j', async (site) => {
    expect(await call(name, { 'sec-fetch-site': site, origin: 'https://evil.example' })).toMatchObject({
      statusCode: 403,
      body: { code: 'other-origin' },
    });
  });

  test.each([{}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, { 'sec-fetch-mode': 'cors' }])(
    'serves its own page, and programs: %j',
    async (headers) => {
      expect(await call(name, headers)).not.toMatchObject({ statusCode: 403 });
    },
  );
});
