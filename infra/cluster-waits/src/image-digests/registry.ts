/**
 * Asks a registry which digest a tag has: https://github.com/opencontainers/distribution-spec, "Pulling manifests", and
 * https://distribution.github.io/distribution/spec/auth/token/.
 */
import { createHash } from 'node:crypto';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { readLogin } from './docker-login';
import { nameApi, type Reference } from './reference';

/** An index comes first: it is what names the image on every kind of machine. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const TIME_LIMIT = 20_000;

/** Why a registry gives no digest; `temporary` when it may give one later. */
export class RegistryError extends Error {
  constructor(
    message: string,
    readonly temporary: boolean,
  ) {
    super(message);
  }
}

/** The digest of the manifest that the tag has now. @throws RegistryError */
export async function lookUpDigest(reference: Reference): Promise<string> {
  const url = `${nameApi(reference)}/v2/${reference.repository}/manifests/${reference.tag}`;
  const proxies = new EnvHttpProxyAgent();
  try {
    // Docker Hub counts a GET as a pull, and a HEAD as none.
    const head = await askWithLogin('HEAD', url, reference, proxies);
    const told = head.headers['docker-content-digest'];
    if (typeof told === 'string' && DIGEST.test(told)) return told;
    const got = await askWithLogin('GET', url, reference, proxies);
    return `sha256:${createHash('sha256').update(got.body).digest('hex')}`;
  } finally {
    await proxies.close();
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Logs in when the registry asks for it: by name and password that Docker has, or as nobody. */
async function askWithLogin(
  method: 'HEAD' | 'GET',
  url: string,
  reference: Reference,
  dispatcher: Dispatcher,
): Promise<Answer> {
  const first = await ask(method, url, { accept: MANIFESTS }, reference, dispatcher);
  if (first.status !== 401) return expectFound(first, reference);
  const authorization = await logIn(String(first.headers['www-authenticate'] ?? ''), reference, dispatcher);
  if (authorization === undefined) return expectFound(first, reference);
  return expectFound(await ask(method, url, { accept: MANIFESTS, authorization }, reference, dispatcher), reference);
}

async function logIn(challenge: string, reference: Reference, dispatcher: Dispatcher): Promise<string | undefined> {
  const login = readLogin(reference.registry);
  const basic = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
  if (!/^bearer /i.test(challenge)) return basic;
  const said = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  const realm = said.get('realm');
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  const service = said.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', said.get('scope') ?? `repository:${reference.repository}:pull`);
  const { status, body } = await ask(
    'GET',
    url.href,
    basic === undefined ? {} : { authorization: basic },
    reference,
    dispatcher,
  );
  const token = status === 200 ? readToken(body) : undefined;
  return token === undefined ? undefined : `Bearer ${token}`;
}

function readToken(body: Buffer): string | undefined {
  try {
    const { token, access_token: accessToken } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    return [token, accessToken].find((each) => typeof each === 'string');
  } catch {
    return undefined;
  }
}

async function ask(
  method: 'HEAD' | 'GET',
  url: string,
  headers: Readonly<Record<string, string>>,
  { registry }: Reference,
  dispatcher: Dispatcher,
): Promise<Answer> {
  try {
    const answer = await request(url, { method, headers, dispatcher, signal: AbortSignal.timeout(TIME_LIMIT) });
    const body = Buffer.from(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers: answer.headers, body };
  } catch (error) {
    const why = error instanceof Error ? error.message || error.name : String(error);
    throw new RegistryError(`the registry ${registry} cannot be reached (${why})`, true);
  }
}

function expectFound(answer: Answer, { registry, repository, tag }: Reference): Answer {
  const { status } = answer;
  if (status === 200) return answer;
  const image = `${repository}:${tag}`;
  if (status === 404) throw new RegistryError(`the registry ${registry} has no ${image}`, false);
  if (status === 401 || status === 403)
    throw new RegistryError(`the registry ${registry} does not show ${image} without a login`, false);
  throw new RegistryError(`the registry ${registry} answers ${status} for ${image}`, status === 429 || status >= 500);
}
