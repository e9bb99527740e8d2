/** What a browser gets at `/` and at an API's URL; and that nobody else gets it. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { prefersHtml } from '../../platform/browser/prefers-html';
import { homeRoute } from '../../platform/composition/home-page';
import { appWith, GUEST, ORIGIN } from '../openwhisk-web/fake-core';
import { managementOf, type Operation } from '../openwhisk-web/management-client';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' };
const CLIENTS = [
  {},
  { accept: '*/*' },
  { accept: 'application/json' },
  { accept: 'application/json, text/html;q=0.9' },
];
const ANNOTATIONS = { description: 'Says <it> again.', 'sample-call': "curl -d 'a=URLS' URL" };

async function appOf(...operations: Operation[]) {
  const { app, core } = appWith({ 'guest/echo': { run: () => ({ body: 'called' }), annotations: ANNOTATIONS } });
  for (const operation of operations) expect((await managementOf(app).create(operation)).status).toBe(200);
  const home = homeRoute({
    url: ORIGIN,
    tenant: GUEST.uuid,
    storageEndpoint: 'http://127.0.0.1:4443',
    apis: () => core.apis.list(GUEST.uuid),
    services: () => [`${ORIGIN}/run/demo`],
  });
  home.get('/', (c) => c.json({ description: 'OpenWhisk' }));
  return { api: (path: string, init?: RequestInit) => app.request(`${ORIGIN}/api/${GUEST.uuid}${path}`, init), home };
}

/** Expects a page that runs nothing and loads nothing. @returns its text */
async function expectPage(response: Response): Promise<string> {
  const text = await response.text();
  const style = /<style>(.*?)<\/style>/s.exec(text)?.[1] ?? '';
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8');
  expect(response.headers.get('vary')).toBe('Accept');
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(response.headers.get('content-security-policy')).toContain(
    createHash('sha256').update(style).digest('base64'),
  );
  expect(text).not.toMatch(/<script|\ssrc=|<link(?! rel="icon" href="data:,")/);
  return text;
}

test.each([
  [undefined, false],
  ['*/*', false],
  ['text/*', false],
  ['application/json', false],
  ['text/html;q=0', false],
  ['application/json, text/html', false],
  ['application/problem+json, text/html;q=0.5', false],
  ['text/html', true],
  ['TEXT/HTML', true],
  ['text/html, application/json;q=0.9', true],
  [BROWSER.accept, true],
])('whoever accepts %j is a browser: %j', (accept, is) => expect(prefersHtml(accept)).toBe(is));

test('a browser gets links at /, to all that is deployed; clients get what they got', async () => {
  const { home } = await appOf({ path: '/', name: 'My <API>' }, { path: '/pdf', verb: 'post' });
  const page = await expectPage(await home.request(ORIGIN, { headers: BROWSER }));
  for (const url of [`${ORIGIN}/api/${GUEST.uuid}/b/`, `${ORIGIN}/api/${GUEST.uuid}/b/pdf`, `${ORIGIN}/run/demo/`])
    expect(page).toContain(`href="${url}"`);
  expect(page).toContain('My &lt;API&gt;: GET');
  for (const headers of CLIENTS)
    expect(await (await home.request(ORIGIN, { headers })).json()).toEqual({ description: 'OpenWhisk' });
});

test("an API's URL tells a browser what it is for and how to call it", async () => {
  const { api } = await appOf({ path: '/pdf', verb: 'post' }, { path: '/pdf', verb: 'put', action: 'missing' });
  const page = await expectPage(await api('/b/pdf?x=<script>', { headers: BROWSER }));
  expect(page).toContain('It answers only POST or PUT');
  expect(page).toContain('Says &lt;it&gt; again.');
  expect(page).toContain(`curl -d &#39;a=URLS&#39; ${ORIGIN}/api/${GUEST.uuid}/b/pdf<`);
  expect(page).toContain(`curl --request PUT ${ORIGIN}/api/${GUEST.uuid}/b/pdf<`);
});

test('a client that sends GET there, and any other wrong verb, gets what OpenWhisk answers', async () => {
  const { api } = await appOf({ path: '/pdf', verb: 'post' });
  const wrong = CLIENTS.map((headers): RequestInit => ({ headers }));
  for (const init of [...wrong, { method: 'DELETE', headers: BROWSER }]) {
    const response = await api('/b/pdf', init);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ status: 404, message: 'Error: Whoops. Verb not supported.' });
  }
});

test('an operation that answers GET is called, by browsers too', async () => {
  const { api } = await appOf({ path: '/page', type: 'http' });
  expect(await (await api('/b/page', { headers: BROWSER })).text()).toBe('called');
});
