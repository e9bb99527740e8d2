/**
 * The service used in its four ways, as a student would by `wsk` and `curl`, over plain HTTP: what `npm start` shows.
 * Each way answers the bytes of a PDF, or throws an error that says what came instead.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Storage } from '@google-cloud/storage';
import { basicAuthorization } from '../../ground/basic-auth';

/** What v1, v2 and v3 need to know of a deployed stack, on OpenWhisk or Cloud Run. */
export interface Service {
  /** URL of the API `/convert/pdf`. */
  readonly convertUrl: string;
  readonly inBucket: string;
  readonly outBucket: string;
  readonly storageEndpoint: string;
}

/** What all four need. */
export interface OpenWhiskService extends Service {
  /** URL of the API host, and the key `UUID:KEY`. */
  readonly apihost: string;
  readonly auth: string;
}

/** A way to call the service. */
export interface Way<S extends Service = Service, N extends string = string> {
  readonly name: N;
  /** The command that does the same, in short. */
  readonly command: string;
  /** Converts `jpeg`; `name` (ending in .jpg) is the object for the ways that go through buckets. */
  convert(service: S, jpeg: Buffer, name: string): Promise<Buffer>;
}

/** How long a new file may take to become a PDF in the out bucket, in milliseconds. */
const EVENT_PATIENCE_MS = 60_000;

/** Those that Cloud Run has, too. It has no way to pass parameters and get a result but HTTP. */
export const CLOUD_RUN_WAYS: readonly Way<Service, 'v1' | 'v2' | 'v3'>[] = [
  { name: 'v1', command: "curl -H 'Content-Type: image/jpeg' --data-binary @photo.jpg URL", convert: byRequestBody },
  { name: 'v2', command: "curl --request PUT --data 'bucket=B&name=N' URL", convert: byBucket },
  { name: 'v3', command: 'curl --data-binary @photo.jpg URL-OF-IN-BUCKET', convert: byEvent },
];

/** The four, in the order of the lab. */
export const WAYS: readonly Way<OpenWhiskService, 'v0' | 'v1' | 'v2' | 'v3'>[] = [
  { name: 'v0', command: 'wsk action invoke pdfmagic/v0 --param image BASE64', convert: byParameter },
  ...CLOUD_RUN_WAYS,
];

async function byParameter(service: OpenWhiskService, jpeg: Buffer): Promise<Buffer> {
  const url = `${service.apihost}/api/v1/namespaces/_/actions/pdfmagic/v0?blocking=true&result=true`;
  const answer = await post(url, service, JSON.stringify({ image: jpeg.toString('base64') }));
  const { pdf } = (await json(answer, 'v0')) as { pdf?: string };
  if (pdf === undefined) throw new Error('v0 answered without a pdf');
  return Buffer.from(pdf, 'base64');
}

async function byRequestBody(service: Service, jpeg: Buffer): Promise<Buffer> {
  const answer = await fetch(service.convertUrl, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: new Uint8Array(jpeg),
  });
  if (!answer.ok) throw new Error(`v1 answered ${answer.status}: ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

async function byBucket(service: Service, jpeg: Buffer, name: string): Promise<Buffer> {
  await upload(service, jpeg, name);
  const body = new URLSearchParams({ bucket: service.inBucket, name });
  const answer = await fetch(service.convertUrl, { method: 'PUT', body });
  const { object } = (await json(answer, 'v2')) as { object?: string };
  if (object === undefined) throw new Error('v2 answered without naming an object');
  return download(service, object);
}

/** The upload is all: the event of the new file fires the trigger. */
async function byEvent(service: Service, jpeg: Buffer, name: string): Promise<Buffer> {
  const object = name.replace(/\.jpg$/, '.pdf');
  const file = bucket(service, service.outBucket).file(object);
  await file.delete({ ignoreNotFound: true });
  await upload(service, jpeg, name);
  const deadline = Date.now() + EVENT_PATIENCE_MS;
  while (!(await file.exists())[0]) {
    if (Date.now() > deadline)
      throw new Error(`no ${object} in ${service.outBucket} after ${EVENT_PATIENCE_MS / 1000} s`);
    await sleep(20);
  }
  return download(service, object);
}

function post(url: string, service: OpenWhiskService, body: string): Promise<Response> {
  const authorization = basicAuthorization(service.auth);
  return fetch(url, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body });
}

async function json(answer: Response, way: string): Promise<object> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${way} answered ${answer.status}: ${text}`);
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error(`${way} answered ${text}`);
  return value;
}

function bucket(service: Service, name: string) {
  return new Storage({ apiEndpoint: service.storageEndpoint, projectId: 'pdfmagic' }).bucket(name);
}

async function upload(service: Service, jpeg: Buffer, name: string): Promise<void> {
  await bucket(service, service.inBucket).file(name).save(jpeg, { contentType: 'image/jpeg', resumable: false });
}

async function download(service: Service, object: string): Promise<Buffer> {
  const [bytes] = await bucket(service, service.outBucket).file(object).download();
  return bytes;
}
