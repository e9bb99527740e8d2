/** Another OpenWhisk, which `--against` names: the same work is done on it, with copies of our actions. */
import { z } from 'zod';
import { PACKAGE } from '../../contract/names';
import { UsageFailure } from '../failure';
import { type Http, jsonOf, type OpenWhiskApi, openOpenWhisk, requireSuccess, type Service } from './client';
import { removeTrivial } from './trivial-actions';

/** Where it is, and its key. */
export interface Against {
  /** URL of its API host, without a path. */
  readonly url: string;
  readonly auth: string;
  readonly insecure: boolean;
}

/** Not the package of a service that may be deployed there. */
const COPIES = `${PACKAGE}-bench`;

const copied = z.object({
  exec: z.looseObject({ kind: z.string() }),
  annotations: z.array(z.object({ key: z.string(), value: z.unknown() })),
  limits: z.looseObject({}),
});

/** It, reached. */
export class OtherOpenWhisk {
  private readonly copies = new Set<string>();

  private constructor(
    private readonly url: string,
    private readonly namespace: string,
    private readonly http: Http,
    readonly api: OpenWhiskApi,
  ) {}

  /** @throws UsageFailure when no OpenWhisk answers there, or it does not take the key */
  static async open({ url, auth, insecure }: Against): Promise<OtherOpenWhisk> {
    const { http, api } = openOpenWhisk(url, auth, insecure);
    const answer = await api.get(`${url}/api/v1/namespaces`).catch((error: Error) => {
      throw new UsageFailure(
        `--against: ${error.message}`,
        'Is that the URL of an API host, such as http://host:3233?',
      );
    });
    if (answer.status === 401 || answer.status === 403)
      throw new UsageFailure(`--against: ${url} does not take the key.`, 'Name its key with --auth UUID:KEY.');
    const namespace = z.array(z.string()).min(1).safeParse(jsonOf(answer)).data?.[0];
    if (answer.status !== 200 || namespace === undefined)
      throw new UsageFailure(`--against: ${url} is not an OpenWhisk.`, 'Name the URL of its API host, without a path.');
    return new OtherOpenWhisk(url, namespace, http, api);
  }

  /**
   * Puts a copy of an action of ours there: code, kind or image, annotations and limits. It has no parameters, so no key of ours.
   * @returns the path of the copy
   * @throws Failure when it is refused
   */
  async copy(ours: OpenWhiskApi, name: 'v0' | 'v1'): Promise<string> {
    const answer = await ours.get(`actions/${PACKAGE}/${name}`);
    requireSuccess(answer);
    const { exec, annotations, limits } = copied.parse(jsonOf(answer));
    requireSuccess(await this.api.send('PUT', `packages/${COPIES}?overwrite=true`, {}));
    const path = `${COPIES}/${name}`;
    this.copies.add(path);
    const { timeout, memory } = limits;
    await this.api.putAction(path, { exec, annotations, limits: { timeout, memory } });
    return path;
  }

  /** Our service as it would be there, as far as v1 goes: a web action, since the API gateway is another program. */
  serviceOf(service: Service): Service {
    const v1 = `${this.url}/api/v1/web/${this.namespace}/${COPIES}/v1.http`;
    return { ...service, http: this.http, stack: { ...service.stack, endpoints: { v1 } } };
  }

  /** Removes all that was put there. */
  async clean(): Promise<void> {
    await removeTrivial(this.api);
    if (this.copies.size === 0) return;
    for (const path of this.copies) await this.api.send('DELETE', `actions/${path}`);
    await this.api.send('DELETE', `packages/${COPIES}`);
  }
}
