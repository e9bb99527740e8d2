/** What an API's URL is for, and how to call it: for a person who opens it in a browser, where no operation answers a GET. */
import { html } from 'hono/html';
import { type Markup, makePage } from '../../browser/page';
import type { Core } from '../core';
import type { WebAnswer } from '../web/answer';
import { splitExtension } from '../web/extensions';
import { readAt } from '../web/json-value';
import type { WebActionPath } from '../web/path';
import type { Resource } from './routes';

/** An operation, and the web action behind it. */
export interface Operation {
  readonly verb: string;
  readonly action: WebActionPath | undefined;
}

/** The annotation of an action that OpenWhisk's tools show, too; and one with a command, in which URL stands for the API's. */
const ANNOTATIONS = { description: 'description', call: 'sample-call' } as const;

/** The page. @param url as the person opened it, without a query */
export async function explainApi(
  url: string,
  { api }: Resource,
  operations: readonly Operation[],
  core: Pick<Core, 'findAction'>,
): Promise<WebAnswer> {
  const title = readAt(api.document, 'info', 'title');
  const verbs = operations.map(({ verb }) => verb).join(' or ');
  const parts = await Promise.all(operations.map((operation) => describe(url, operation, core)));
  return makePage(
    typeof title === 'string' ? title : 'API',
    html`<p class="lead">This address is an API for programs. It answers only ${verbs}; a browser sends GET, so it shows this page.</p>${parts}`,
  );
}

async function describe(url: string, { verb, action }: Operation, core: Pick<Core, 'findAction'>): Promise<Markup> {
  const found =
    action && (await core.findAction(action.namespace, action.packageName, splitExtension(action.actionSegment).name));
  const isPublic = found?.annotations.some(({ key, value }) => key === 'web-export' && value === true) === true;
  const say = (name: string) => {
    const value = found?.annotations.find(({ key }) => key === name)?.value;
    return isPublic && typeof value === 'string' ? value : undefined;
  };
  const call = say(ANNOTATIONS.call)?.replaceAll(/\bURL\b/g, () => url) ?? `curl --request ${verb} ${url}`;
  const description = say(ANNOTATIONS.description);
  return html`<section><h2>${verb}</h2>${description === undefined ? '' : html`<p>${description}</p>`}<pre><code>${call}</code></pre></section>`;
}
