/** OpenWhisk's REST API (apache/openwhisk/docs/rest_api.md), as far as the command needs it. */
import { z } from 'zod';
import { encodeBasicAuthorization } from '../../ground/basic-auth';
import { Failure } from '../failure';
import type { OpenWhisk } from '../stack/stack';
import { type Answer, type Http, jsonOf } from './http';

const annotations = z
  .array(z.object({ key: z.string(), value: z.unknown() }))
  .default([])
  .transform((list) => new Map(list.map(({ key, value }) => [key, value])));

const listed = z.object({
  activationId: z.string(),
  name: z.string(),
  annotations,
  /** Milliseconds since the epoch. */
  start: z.number().min(0).max(8.64e15),
});

/** An activation in a list. */
export type Listed = z.infer<typeof listed>;

const activation = listed.extend({
  /** The same; 0 or missing for a trigger. */
  end: z.number().optional(),
  /** Milliseconds. */
  duration: z.number().optional(),
  response: z.object({
    status: z.string().optional(),
    success: z.boolean().optional(),
    result: z.unknown(),
  }),
  logs: z.array(z.unknown()).default([]),
});

/** The record of an activation. */
export type Activation = z.infer<typeof activation>;

/** Which activations of a namespace; all of them when nothing is said. */
interface Wanted {
  /** So many of the newest are left out. */
  readonly skip?: number;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  /** Those of one action or trigger alone: among all, the newest 200 of a busy namespace soon have none of it. */
  readonly name?: string;
}

/** The requests that the command makes. All throw Failure. */
export class OpenWhiskApi {
  constructor(
    private readonly http: Http,
    private readonly at: OpenWhisk,
  ) {}

  /** Invokes an action and waits; the answer as it comes: 200, 202 when it takes longer than OpenWhisk waits, or an error. */
  async invoke(action: string, parameters: object, signal?: AbortSignal): Promise<Answer> {
    return this.send('POST', `actions/${action}?blocking=true`, parameters, signal);
  }

  /** Makes an action, or another version of it, which runs in new containers alone. @param document as OpenWhisk takes it */
  async putAction(name: string, document: object): Promise<void> {
    const answer = await this.send('PUT', `actions/${name}?overwrite=true`, document);
    if (answer.status !== 200) throw readRefusal(answer);
  }

  /** Fires the trigger of the stack. */
  async fire(parameters: object, signal?: AbortSignal): Promise<void> {
    const answer = await this.send('POST', `triggers/${encodeURIComponent(this.at.trigger)}`, parameters, signal);
    if (answer.status === 204)
      throw new Failure('No rule listens to the trigger.', 'Deploy again. Run `pulumi refresh`, then `pulumi up`.');
    if (answer.status !== 202) throw readRefusal(answer);
  }

  /** A record; undefined when there is none, or not yet. */
  async activation(id: string, signal?: AbortSignal): Promise<Activation | undefined> {
    const answer = await this.get(`activations/${encodeURIComponent(id)}`, signal);
    if (answer.status === 404) return undefined;
    return read(activation, answer);
  }

  /** The latest, the newest first, without result and logs. @param limit 1 to 200 */
  async activations(limit: number, wanted?: Wanted): Promise<Listed[]> {
    return read(z.array(listed), await this.list(false, limit, wanted));
  }

  /** The same, as whole records. */
  async records(limit: number, wanted?: Wanted, signal?: AbortSignal): Promise<Activation[]> {
    return read(z.array(activation), await this.list(true, limit, wanted, signal));
  }

  /** Asks for a path of the namespace, or any URL of the API host, with the key; never another host. */
  async get(path: string, signal?: AbortSignal): Promise<Answer> {
    return this.http.ask(this.urlOf(path), { headers: await this.authorization(), signal });
  }

  /** Sends JSON to the same. The answer as it comes. */
  async send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object, signal?: AbortSignal): Promise<Answer> {
    const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const headers = { ...(await this.authorization()), ...json?.headers };
    return this.http.ask(this.urlOf(path), { ...json, method, headers, signal });
  }

  private list(docs: boolean, limit: number, wanted: Wanted = {}, signal?: AbortSignal): Promise<Answer> {
    const query = new URLSearchParams({ docs: `${docs}`, limit: `${limit}` });
    for (const [name, value] of Object.entries(wanted)) query.set(name, `${value}`);
    return this.get(`activations?${query}`, signal);
  }

  private urlOf(path: string): string {
    const { apihost, namespace } = this.at;
    if (!path.startsWith('http')) return `${apihost}/api/v1/namespaces/${encodeURIComponent(namespace)}/${path}`;
    if (URL.canParse(path) && new URL(path).origin === new URL(apihost).origin) return path;
    throw new Failure(
      `${path} is not at the API host ${apihost}, so the key is not sent there.`,
      'Do the outputs belong to this stack?',
    );
  }

  private async authorization(): Promise<{ authorization: string }> {
    return { authorization: encodeBasicAuthorization(await this.at.key()) };
  }
}

/** What OpenWhisk, an action behind it, or the API gateway before it (which says `message`) answers instead of a result. */
export function readRefusal(answer: Answer): Failure {
  const fields = { error: z.unknown(), message: z.unknown(), code: z.unknown() };
  const body = z.object(fields).partial().safeParse(jsonOf(answer)).data;
  const said = [body?.error, body?.message].find((text) => typeof text === 'string');
  const words = said ?? describeAnswer(answer);
  // OpenWhisk's own errors have a number there, the transaction's.
  const code = typeof body?.code === 'string' && /^[a-z]+(-[a-z]+)*$/.test(body.code) ? body.code : undefined;
  return new Failure(words, chooseHint(answer.status), code);
}

/** The activation behind the answer of a web action; undefined when it is not told, as by Cloud Run. */
export function readActivationId({ headers }: Answer): string | undefined {
  const id = headers['x-openwhisk-activation-id'];
  return typeof id === 'string' ? id : undefined;
}

function describeAnswer({ status, headers, body }: Answer): string {
  if (headers.location !== undefined)
    return `The answer was a redirect (status ${status}) to ${headers.location}, which is not followed.`;
  const whole = body.toString('utf8').replace(/\s+/g, ' ').trim();
  // A server in front of OpenWhisk (nginx) answers with a page, whose title says what there is to say, after the status.
  const title = /^<.*<title>\s*(?:\d{3} )?([^<]*)<\/title>/i.exec(whole)?.[1]?.trim();
  const text = (title ?? whole).slice(0, 200);
  return text === ''
    ? `The answer was status ${status}, with an empty body.`
    : `The answer was status ${status}: ${text}`;
}

function chooseHint(status: number): string | undefined {
  if (status === 401 || status === 403)
    return 'This key is not the one of this stack. Check where it comes from: OPENWHISK_AUTH, WSK_CONFIG_FILE or .wskprops.';
  if (status === 429)
    return 'The limit of the namespace or of the instances is reached. Send fewer at a time (--parallel 1), or try again later.';
  return undefined;
}

function read<T>(schema: z.ZodType<T>, answer: Answer): T {
  if (answer.status !== 200) throw readRefusal(answer);
  const parsed = schema.safeParse(jsonOf(answer));
  if (parsed.success) return parsed.data;
  throw new Failure('This command does not understand OpenWhisk’s answer.', 'Is the API host really an OpenWhisk?');
}
