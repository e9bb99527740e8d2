/** The APIs of all tenants, kept through the core; changes of one tenant happen one after the other. */
import { isObject, type JsonObject } from '../../../ground/json';
import type { Core } from '../core';
import { readAt } from '../web/json-value';

/** An API as kept. */
export interface Api {
  readonly document: JsonObject;
}

/** The one spelling of a base path: a leading slash, none behind. */
export function normalizeBasePath(basePath: string): string {
  return `/${basePath.replace(/^\/+/, '').replace(/(?<!\/)\/+$/, '')}`;
}

function readStored(stored: JsonObject): Api {
  const document = readAt(stored, 'document');
  return { document: isObject(document) ? document : {} };
}

const basePathOf = (document: JsonObject) => normalizeBasePath(String(document.basePath));

/** APIs by tenant, which is the UUID of a key. */
export class ApiRegistry {
  /** Wraps each stored object once, so that what is derived of an API can be remembered by it. */
  private readonly wrapped = new WeakMap<JsonObject, Api>();
  private readonly tails = new Map<string, Promise<unknown>>();

  constructor(private readonly store: Core['apis']) {}

  /** In order of creation. */
  list(tenant: string): readonly Api[] {
    return this.store.list(tenant).map((stored) => {
      const api = this.wrapped.get(stored) ?? readStored(stored);
      this.wrapped.set(stored, api);
      return api;
    });
  }

  /** By base path when the text begins with a slash, else by title; there can be several of one title. */
  find(tenant: string, basePathOrTitle: string): readonly Api[] {
    if (!basePathOrTitle.startsWith('/')) {
      return this.list(tenant).filter((api) => readAt(api.document, 'info', 'title') === basePathOrTitle);
    }
    const basePath = normalizeBasePath(basePathOrTitle);
    return this.list(tenant).filter((api) => basePathOf(api.document) === basePath);
  }

  /** Keeps an API in place of the one of its base path. */
  async put(tenant: string, api: Api): Promise<void> {
    await this.store.put(tenant, basePathOf(api.document), { document: api.document });
  }

  /** Removes an API. */
  async delete(tenant: string, api: Api): Promise<void> {
    await this.store.delete(tenant, basePathOf(api.document));
  }

  /** Runs a change when all earlier changes of the tenant are done: reading and writing again must not interleave. */
  async change<T>(tenant: string, work: () => Promise<T>): Promise<T> {
    const earlier = this.tails.get(tenant) ?? Promise.resolve();
    const result = earlier.then(work, work);
    const tail = result.catch(() => undefined);
    this.tails.set(tenant, tail);
    try {
      return await result;
    } finally {
      if (this.tails.get(tenant) === tail) this.tails.delete(tenant);
    }
  }
}
