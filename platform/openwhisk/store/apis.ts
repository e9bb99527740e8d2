/** API documents of the gateway, by tenant and base path, in order of creation. */
import { parseJson, writeJson } from '../../../ground/exact-json';
import type { JsonObject } from '../../../ground/json';
import { bytesOf, type Environment, type Table } from './environment';

interface StoredApi {
  readonly tenant: string;
  readonly basePath: string;
  readonly document: JsonObject;
}

/** The table of API documents, held in memory and written through. */
export class ApiStore {
  private readonly table: Table<number>;
  private readonly apis = new Map<number, StoredApi>();
  private last = 0;

  constructor(private readonly environment: Environment) {
    this.table = environment.table('apis');
    for (const { key, value } of this.table.getRange()) {
      this.apis.set(key, parseJson(value) as unknown as StoredApi);
      this.last = Math.max(this.last, key);
    }
  }

  private placeOf(tenant: string, basePath: string): number | undefined {
    for (const [place, api] of this.apis) {
      if (api.tenant === tenant && api.basePath === basePath) return place;
    }
    return undefined;
  }

  /** The documents of a tenant. */
  list(tenant: string): readonly JsonObject[] {
    return [...this.apis.values()].filter((api) => api.tenant === tenant).map((api) => api.document);
  }

  /** Keeps a document, in its old place when there is one; resolves when it is on the disk. */
  async put(tenant: string, basePath: string, document: JsonObject): Promise<void> {
    const place = this.placeOf(tenant, basePath) ?? this.last + 1;
    const api = { tenant, basePath, document };
    const text = writeJson(api);
    this.environment.write(() => void this.table.put(place, text), bytesOf([text]));
    this.apis.set(place, api);
    this.last = Math.max(this.last, place);
  }

  /** Removes a document, if there is one; resolves when that is on the disk. */
  async delete(tenant: string, basePath: string): Promise<void> {
    const place = this.placeOf(tenant, basePath);
    if (place === undefined) return;
    this.environment.write(() => void this.table.remove(place), 'nothing');
    this.apis.delete(place);
  }
}
