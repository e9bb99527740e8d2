/** Names of images: https://github.com/distribution/reference (`NormalizeNamed`). */

/** A name that is taken apart. */
export interface Reference {
  /** E.g. `docker.io` or `registry.lab:5000`. */
  readonly registry: string;
  /** Path in the registry; `library/nginx` for the `nginx` of Docker Hub. */
  readonly repository: string;
  readonly tag: string;
}

const DOCKER_HUB = 'docker.io';
const FORM = /^(?<name>[a-z0-9][a-z0-9._\-/:]*?)(?::(?<tag>\w[\w.-]{0,127}))?$/i;

/** Takes a name without a digest apart. @returns undefined for what is none */
export function parseReference(text: string): Reference | undefined {
  const { name, tag = 'latest' } = FORM.exec(text)?.groups ?? {};
  if (name === undefined || name.includes('//') || name.endsWith('/')) return undefined;
  const [first = '', ...rest] = name.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const registry = isHost ? first : DOCKER_HUB;
  const path = isHost ? rest.join('/') : name;
  if (path.includes(':')) return undefined;
  return { registry, repository: registry === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path, tag };
}

/** Where the registry's API is: Docker Hub has a host of its own for it, and one on this machine needs no TLS. */
export function nameApi({ registry }: Reference): string {
  if (registry === DOCKER_HUB) return 'https://registry-1.docker.io';
  const isLocal = /^(localhost|127\.[\d.]+)(:\d+)?$/.test(registry);
  return `${isLocal ? 'http' : 'https'}://${registry}`;
}
