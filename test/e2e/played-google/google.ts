/** Google Cloud as far as stacks here ask it: resources that are kept as they are sent, who may do what, and Google's rules for both. */
import { APIS } from './apis';
import { Rules, type Strictness } from './strictness';

export type Json = Record<string, unknown>;

/** What Google refuses: the HTTP status and the body. */
export interface Refused {
  readonly status: number;
  readonly body: Json;
}

/** A body; no content; undefined for what is not there; or a refusal. */
export type Answer = Json | Refused | 'empty' | undefined;

export function isRefused(answer: Answer): answer is Refused {
  return typeof answer === 'object' && typeof answer.status === 'number' && typeof answer.body === 'object';
}

export interface GoogleRequest {
  readonly method: string;
  /** First label of the host: `run` of `run.googleapis.com`. */
  readonly host: string;
  /** Without a leading slash and without the version. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Where things are that one can ask. */
export interface Places {
  /** Of each address that is reserved. */
  readonly address: string;
  /** Of the API server of each cluster, and the CA that it is known by: PEM. */
  readonly endpoint: string;
  readonly ca: string;
}

/** The address is set aside for documents: https://www.rfc-editor.org/rfc/rfc5737 */
const NOWHERE: Places = { address: '192.0.2.7', endpoint: '192.0.2.7', ca: 'CA' };

interface Binding {
  readonly role: string;
  readonly members: readonly string[];
}

/** One played Google. */
export class PlayedGoogle {
  /** By host and path, as `run/projects/P/locations/L/services/NAME`. */
  readonly resources = new Map<string, Json>();
  readonly enabled = new Set<string>();
  /** Id of the last key that was made. */
  newestKey = '';
  /** Each request that was to change something, in order: `DELETE run/projects/...`. */
  readonly changes: string[] = [];
  private readonly policies = new Map<string, readonly Binding[]>();
  private count = 0;
  /** None: everything is allowed, and holds at once. */
  readonly rules: Rules | undefined;

  constructor(
    strictness?: Strictness,
    readonly places: Places = NOWHERE,
  ) {
    this.rules = strictness && new Rules(strictness);
  }

  answer(request: GoogleRequest): Answer {
    const { method, host, path } = request;
    const refused = this.rules?.judge(request);
    if (refused !== undefined) return refused;
    if (method !== 'GET' && method !== 'HEAD' && !path.endsWith(':getIamPolicy'))
      this.changes.push(`${method} ${host}/${path}`);
    return this.policy(request) ?? APIS[host]?.(this, request);
  }

  /** Who may do what: `MEMBER ROLE HOST/PATH`. */
  rights(): string[] {
    return [...this.policies]
      .flatMap(([path, bindings]) =>
        bindings.flatMap(({ role, members }) => members.map((member) => `${member} ${role} ${path}`)),
      )
      .sort();
  }

  /** Another text at each call. */
  unique(): string {
    this.count += 1;
    return `u${this.count}`;
  }

  /** A resource as the API has it after a create, and for a GET, PATCH or DELETE of `key`. */
  create(key: string, value: Json): Json {
    this.resources.set(key, value);
    return value;
  }
  byKey({ method, body }: GoogleRequest, key: string): Answer {
    const present = this.resources.get(key);
    if (present === undefined) return undefined;
    if (method === 'DELETE') this.resources.delete(key);
    if (method === 'PATCH') return this.create(key, { ...present, ...body });
    return method === 'DELETE' ? {} : present;
  }

  /** Whether there is a cluster, by which the project has a pool of identities. */
  get hasCluster(): boolean {
    return [...this.resources.keys()].some((key) => /^container\/.*\/clusters\/[^/]+$/.test(key));
  }

  private judgePolicy(key: string, bindings: readonly Binding[]): Refused | undefined {
    const { rules } = this;
    if (rules === undefined) return undefined;
    const known = new Set((this.policies.get(key) ?? []).flatMap(({ members }) => members));
    for (const { role, members } of bindings) {
      for (const member of members) {
        const refused = known.has(member) ? undefined : rules.judgeMember(member, this.hasCluster);
        if (refused !== undefined) return refused;
        rules.note(`${member} ${role} ${key}`);
      }
    }
    return undefined;
  }

  /** Policies are read and written by one form everywhere, but for Cloud Storage, which has `/iam`. */
  private policy({ method, host, path, body }: GoogleRequest): Answer {
    const [, resource, asked] = /^(.*?)(:getIamPolicy|:setIamPolicy|\/iam)$/.exec(path) ?? [];
    if (resource === undefined) return undefined;
    const key = `${host}/${resource}`;
    if (asked === ':setIamPolicy' || method === 'PUT') {
      const bindings: readonly Binding[] = Object(body.policy ?? body).bindings ?? [];
      const refused = this.judgePolicy(key, bindings);
      if (refused !== undefined) return refused;
      this.policies.set(key, bindings);
    }
    return { version: 1, etag: this.unique(), bindings: this.policies.get(key) ?? [] };
  }
}
