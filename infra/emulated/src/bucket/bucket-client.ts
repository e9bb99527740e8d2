import type { Bucket, StorageOptions } from '@google-cloud/storage';
import { getText, plainError } from '@pdfmagic/openwhisk/dynamic';
import type { BucketInputs } from './bucket-inputs';

/** The variable that would take the client to another emulator than the one it is told. */
const EMULATOR_VARIABLE = 'STORAGE_EMULATOR_HOST';

type RetryOptions = NonNullable<StorageOptions['retryOptions']>;

const RETRIES: RetryOptions = { autoRetry: true, maxRetries: 5, totalTimeout: 60 };

/** The client's handle on a bucket; opening does no I/O. The client tries again what passes by itself. */
export function openBucket({ endpoint, name }: BucketInputs, retries: RetryOptions = RETRIES): Bucket {
  // Loaded here, for an `up` without change needs none of it.
  const { Storage } = require('@google-cloud/storage') as typeof import('@google-cloud/storage');
  const elsewhere = process.env[EMULATOR_VARIABLE];
  delete process.env[EMULATOR_VARIABLE];
  try {
    stayOnThisMachine(new URL(endpoint).hostname);
    return new Storage({ apiEndpoint: endpoint, projectId: 'emulated', retryOptions: retries }).bucket(name);
  } finally {
    if (elsewhere !== undefined) process.env[EMULATOR_VARIABLE] = elsewhere;
  }
}

/** Whether there is no such bucket (https://cloud.google.com/storage/docs/json_api/v1/buckets/get). @throws Error without an answer */
export async function isMissing({ endpoint, name }: BucketInputs, signal: AbortSignal): Promise<boolean> {
  const { status } = await getText(new URL(`${endpoint}/storage/v1/b/${encodeURIComponent(name)}?fields=name`), signal);
  return status === 404;
}

/** No proxy that the environment names can reach this machine's loopback. */
function stayOnThisMachine(hostname: string): void {
  if (hostname !== 'localhost' && hostname !== '[::1]' && !hostname.startsWith('127.')) return;
  const excepted = (process.env.NO_PROXY ?? process.env.no_proxy ?? '').split(',').filter((host) => host !== '');
  if (!excepted.includes(hostname)) process.env.NO_PROXY = [...excepted, hostname].join(',');
}

/** HTTP status of an error of the client; undefined when no answer came. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const status = Number(error.code);
  return Number.isInteger(status) ? status : undefined;
}

/** Emulators at which nothing answered. All resources of a run share one provider process, which ends with it. */
const silent = new Set<string>();

/** The error a person sees: what could not be done, where, why, and what to do; once, and of other buckets shortly. */
export function explain(error: unknown, verb: string, { name, endpoint }: BucketInputs): Error {
  const what = `${verb} bucket "${name}"`;
  const reason = error instanceof Error ? error.message : String(error);
  const refused = /ECONNREFUSED/.test(reason);
  if (refused && silent.has(endpoint))
    return plainError(`Could not ${what} either: nothing answers at ${endpoint}.`, what);
  if (refused) silent.add(endpoint);
  return plainError(`Could not ${what} at ${endpoint}: ${reason}\n${advise(error, endpoint)}`, what);
}

function advise(error: unknown, endpoint: string): string {
  if (statusOf(error) === undefined) return `Is the storage emulator running at ${endpoint}?`;
  return 'Look at the output of the storage emulator, then run this again.';
}
