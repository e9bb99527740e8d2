/** A registry of images as Docker Hub is one: a token for everybody, digests in a header; it can be sick, and its tags can move. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What it has, what it does, and what it was asked. */
export interface PlayedRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Text of the manifest by `REPOSITORY:TAG`. */
  readonly manifests: Map<string, string>;
  /** Answers of this status come first, one for each. */
  readonly sick: number[];
  /** Whoever asks for a token must be this `USER:PASSWORD`; anybody when undefined. */
  login: string | undefined;
  /** Whether the digest is in a header. */
  tells: boolean;
  readonly asked: string[];
  close(): void;
}

/** SHA-256 as registries write it. */
export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** Starts one. */
export async function playRegistry(): Promise<PlayedRegistry> {
  const token = randomBytes(8).toString('hex');
  const server: Server = createServer((request, response) => {
    const { method, url = '', headers } = request;
    if (url.startsWith('/token')) {
      const known = registry.login === undefined || headers.authorization === `Basic ${btoa(registry.login)}`;
      return response.writeHead(known ? 200 : 401).end(JSON.stringify(known ? { token } : {}));
    }
    const sickness = registry.sick.shift();
    if (sickness !== undefined) return response.writeHead(sickness).end();
    registry.asked.push(`${method} ${url}`);
    if (headers.authorization !== `Bearer ${token}`) {
      const [, repository] = /^\/v2\/(.*)\/manifests\//.exec(url) ?? [];
      const challenge = `Bearer realm="http://${registry.host}/token",service="played",scope="repository:${repository}:pull"`;
      return response.writeHead(401, { 'www-authenticate': challenge }).end();
    }
    const [, repository, tag] = /^\/v2\/(.*)\/manifests\/(.*)$/.exec(url) ?? [];
    const manifest = registry.manifests.get(`${repository}:${tag}`);
    if (manifest === undefined) return response.writeHead(404).end();
    response.writeHead(200, registry.tells ? { 'docker-content-digest': digestOf(manifest) } : {});
    return response.end(method === 'HEAD' ? undefined : manifest);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const registry: PlayedRegistry = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    manifests: new Map(),
    sick: [],
    login: undefined,
    tells: true,
    asked: [],
    close: () => server.close(),
  };
  return registry;
}
