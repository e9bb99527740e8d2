/** The page at `/`: what runs on this platform, as links for a person; clients get OpenWhisk's own JSON there. */
import { Hono } from 'hono';
import { html } from 'hono/html';
import { isObject, type JsonObject } from '../../ground/json';
import { makePage } from '../browser/page';
import { prefersHtml } from '../browser/prefers-html';

/** What there is to link to. */
export interface Home {
  /** URL of the platform. */
  readonly url: string;
  /** UUID of the key, below which its APIs are. */
  readonly tenant: string;
  readonly storageEndpoint: string;
  /** Documents of the APIs. */
  apis(): readonly JsonObject[];
  /** URLs of the services of Cloud Run. */
  services(): readonly string[];
}

/** `GET /` of a browser. */
export function homeRoute(home: Home): Hono {
  const app = new Hono();
  app.get('/', async (c, next) => {
    if (!prefersHtml(c.req.header('accept'))) return next();
    const { status, headers, body } = await describe(home);
    return new Response(body, { status, headers: headers.map(([name, value]) => [name, value]) });
  });
  return app;
}

function describe({ url, tenant, storageEndpoint, apis, services }: Home): ReturnType<typeof makePage> {
  const links = [
    ...apis()
      .flatMap((document) => operationsOf(document, `${url}/api/${tenant}`))
      // A page for people is at the root of its API.
      .sort((a, b) => a.href.length - b.href.length),
    ...services().map((service) => ({ href: `${service}/`, what: 'a service on the local Cloud Run' })),
  ];
  const deployed =
    links.length === 0
      ? html`<p>Nothing is deployed yet. Run <code>npm run up</code>.</p>`
      : links.map(({ href, what }) => html`<p><a href="${href}">${href}</a><br><span class="of">${what}</span></p>`);
  return makePage(
    'The local platform of PDFMagic',
    html`<p class="lead">OpenWhisk, Cloud Run and Cloud Storage, as simulated on this machine.</p>
<section><h2>Deployed here</h2>${deployed}</section>
<section><h2>For programs</h2>
<p><code>${url}/api/v1</code><br><span class="of">OpenWhisk's REST API; <code>wsk</code> calls it with the key</span></p>
<p><code>${storageEndpoint}/storage/v1/b</code><br><span class="of">Cloud Storage's JSON API</span></p></section>`,
  );
}

function operationsOf({ document }: JsonObject, base: string): readonly { href: string; what: string }[] {
  if (!isObject(document) || !isObject(document.paths)) return [];
  const title = isObject(document.info) ? document.info.title : undefined;
  return Object.entries(document.paths).flatMap(([path, item]) => {
    if (!isObject(item)) return [];
    const verbs = Object.keys(item).filter((key) => /^(?:get|post|put|delete|patch)$/.test(key));
    const what = `${typeof title === 'string' ? title : 'an API'}: ${verbs.join(', ').toUpperCase()}`;
    return [{ href: `${base}${String(document.basePath)}${path}`, what }];
  });
}
