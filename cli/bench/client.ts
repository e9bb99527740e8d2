/** The one place where the bench uses the client of the service: conversions by each way, and OpenWhisk's API. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PACKAGE, pdfName } from '../../contract/names';
import { ORIGINAL } from '../../contract/options';
import { CloudBucket } from '../client/buckets';
import { putName, writeAsMarks } from '../client/by-bucket';
import { postJpeg } from '../client/by-request';
import { type Answer, Http } from '../client/http';
import { OpenWhiskApi, readRefusal } from '../client/openwhisk';
import { bypassProxies, type Service } from '../client/service';

export { type Answer, type Http, jsonOf } from '../client/http';
export { type OpenWhiskApi, readRefusal } from '../client/openwhisk';
export { openService, type Service } from '../client/service';

/** What is asked of the quality: nothing, or the JPEG's own image data. */
export type Quality = 'default' | typeof ORIGINAL;

const asked = (quality: Quality) => (quality === ORIGINAL ? { quality } : {});

/** Opens an OpenWhisk by its URL and key. @param insecure take any certificate */
export function openOpenWhisk(apihost: string, auth: string, insecure: boolean): { http: Http; api: OpenWhiskApi } {
  bypassProxies();
  const http = new Http({ caCertificate: undefined, insecure }, true);
  return { http, api: new OpenWhiskApi(http, { apihost, namespace: '_', trigger: '', key: async () => auth }) };
}

/** v0, once. @param action path of the action. @throws Failure with the refusal */
export async function convertByV0(api: OpenWhiskApi, action: string, base64: string, quality: Quality): Promise<void> {
  requireSuccess(await api.invoke(action, { image: base64, ...asked(quality) }));
}

/** v1, once. @throws Failure with the refusal */
export async function convertByV1(service: Service, jpeg: Buffer, quality: Quality): Promise<void> {
  requireSuccess(await postJpeg(service, jpeg, undefined, asked(quality)));
}

/** v2, once, of an object that is there. @throws Failure with the refusal */
export async function convertByV2(service: Service, name: string, quality: Quality): Promise<void> {
  requireSuccess(await putName(service, name, undefined, asked(quality)));
}

/** @throws Failure unless the status is 200 */
export function requireSuccess(answer: Answer): void {
  if (answer.status !== 200) throw readRefusal(answer);
}

/** The same service, with an input bucket that has no events: an upload into it is just an upload. */
export function withQuietBucket(service: Service, name: string): Service {
  return { ...service, inBucket: new CloudBucket(service.stack, name) };
}

/** Makes a bucket on the emulator of a stack. */
export async function makeBucket({ stack, http }: Service, name: string): Promise<void> {
  const url = `${stack.storageEndpoint}/storage/v1/b?project=bench`;
  const headers = { 'content-type': 'application/json' };
  const { status, body } = await http.ask(url, { method: 'POST', headers, body: JSON.stringify({ name }) });
  if (status !== 200 && status !== 409) throw new Error(`the bucket ${name} could not be made: ${status} ${body}`);
}

/** Puts a JPEG there, in place of what has that name. @returns its generation */
export function upload(bucket: CloudBucket, jpeg: Buffer, name: string, quality: Quality): Promise<bigint> {
  return bucket.upload(jpeg, name, { replace: true, marks: writeAsMarks(asked(quality)) });
}

/** Milliseconds between two looks into the output bucket: short beside a conversion, and few enough to cost little. */
const LOOK_PAUSE = 25;
/** Milliseconds without any PDF, after which none is expected. */
const PATIENCE = 60_000;

/** v3: uploads below one folder, and waits for their PDFs with one look for all of them. */
export class EventConversions {
  private readonly folder = `bench/${randomUUID()}`;
  private readonly waiting = new Map<string, { generation: bigint; resolve: (at: number) => void }>();
  private looking: Promise<void> | undefined;

  constructor(
    private readonly service: Service,
    private readonly jpeg: Buffer,
    private readonly quality: Quality,
  ) {}

  /** One file, whose name nobody else uses meanwhile. @returns milliseconds from its upload to its PDF, by the storage's clock */
  async convert(slot: number): Promise<number> {
    const name = `${this.folder}/${slot}.jpg`;
    const start = Date.now();
    const generation = await upload(this.service.inBucket, this.jpeg, name, this.quality);
    const made = new Promise<number>((resolve) => {
      this.waiting.set(pdfName(name), { generation, resolve });
    });
    this.looking ??= this.look();
    const failed = this.looking.then(() => new Promise<never>(() => undefined));
    return (await Promise.race([made, failed])) - start;
  }

  /** Looks until nobody waits. @throws Error when no PDF has come for a minute */
  private async look(): Promise<void> {
    try {
      for (let last = performance.now(); this.waiting.size > 0; await sleep(LOOK_PAUSE)) {
        if (performance.now() - last > PATIENCE) throw new Error('no PDF has come for a minute');
        for (const { name, source, updated } of await this.service.outBucket.list(`${this.folder}/`)) {
          const wait = this.waiting.get(name);
          if (wait === undefined || source?.generation !== wait.generation) continue;
          this.waiting.delete(name);
          wait.resolve(updated);
          last = performance.now();
        }
      }
    } finally {
      // In the same breath as the look at who waits: whoever comes now begins another.
      this.looking = undefined;
    }
  }
}

/** The action of v0 in the namespace. */
export const V0 = `${PACKAGE}/v0`;
