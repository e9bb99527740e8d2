/**
 * Small requests to an emulator of Cloud Storage, by its JSON API (https://cloud.google.com/storage/docs/json_api/v1/objects): it
 * asks for no login, and Google's client takes half a second to load.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Answer, Http, jsonOf } from './http';
import { persist } from './retry';

/** Bytes: PDFs are read whole, and so is a list. */
const LARGEST = 512 * 1024 * 1024;

/** What is known of an object, as far as it is asked for here. */
const metadata = z.object({
  name: z.string(),
  generation: z.coerce.string().optional(),
  size: z.coerce.string().optional(),
  updated: z.string().optional(),
  timeCreated: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

/** The same. */
export type Metadata = z.infer<typeof metadata>;

const page = z.object({ items: z.array(metadata).default([]), nextPageToken: z.string().optional() });
const refusal = z.object({ error: z.object({ message: z.string() }) });

/** The objects of one bucket. All throw an Error with the status as its code, as Google's client does; NoAnswer when there is none. */
export class EmulatedObjects {
  private readonly http = new Http({ caCertificate: undefined, insecure: false });
  private readonly objects: string;

  /** @param retry whether what passes by itself is tried again */
  constructor(
    endpoint: string,
    bucket: string,
    private readonly retry: boolean,
  ) {
    this.objects = `${endpoint}/storage/v1/b/${encodeURIComponent(bucket)}/o`;
  }

  async list(prefix: string, signal: AbortSignal): Promise<Metadata[]> {
    const found: Metadata[] = [];
    let token: string | undefined;
    do {
      const query = new URLSearchParams({ prefix, ...(token !== undefined && { pageToken: token }) });
      const { items, nextPageToken } = page.parse(jsonOf(await this.get(`?${query}`, signal)));
      for (const item of items) found.push(item);
      token = nextPageToken;
    } while (token !== undefined);
    return found;
  }

  async find(name: string, signal: AbortSignal): Promise<Metadata> {
    const known = metadata.parse(jsonOf(await this.get(`/${encodeURIComponent(name)}`, signal)));
    return { ...known, name };
  }

  /** @throws Error too when the bytes are others than the storage has */
  async read(name: string, signal: AbortSignal): Promise<Buffer> {
    const { body, headers } = await this.get(`/${encodeURIComponent(name)}?alt=media`, signal);
    const md5 = /\bmd5=([^,\s]+)/.exec(String(headers['x-goog-hash'] ?? ''))?.[1];
    if (md5 === undefined || md5 === createHash('md5').update(body).digest('base64')) return body;
    throw new Error('what came is not what is stored');
  }

  private async get(path: string, signal: AbortSignal): Promise<Answer> {
    const ask = () => this.http.ask(`${this.objects}${path}`, { signal, largest: LARGEST });
    const answer = this.retry ? await persist(this.http, ask, () => false, signal) : await ask();
    if (answer.status === 200) return answer;
    const said = refusal.safeParse(jsonOf(answer)).data?.error.message;
    const words =
      said ?? (answer.body.toString('utf8').trim().slice(0, 200) || `its answer was status ${answer.status}`);
    throw Object.assign(new Error(words), { code: answer.status });
  }
}
