import { type Bucket, Storage } from '@google-cloud/storage';
import type { BucketInputs } from './inputs';

/** The variable that would take the client to another emulator than the one it is told. */
const EMULATOR_VARIABLE = 'STORAGE_EMULATOR_HOST';

/** The client's handle on a bucket; opening does no I/O. The client tries again what passes by itself. */
export function openBucket({ endpoint, name }: BucketInputs): Bucket {
  const elsewhere = process.env[EMULATOR_VARIABLE];
  delete process.env[EMULATOR_VARIABLE];
  try {
    stayOnThisMachine(new URL(endpoint).hostname);
    const retryOptions = { autoRetry: true, maxRetries: 5, totalTimeout: 60 };
    return new Storage({ apiEndpoint: endpoint, projectId: 'emulated', retryOptions }).bucket(name);
  } finally {
    if (elsewhere !== undefined) process.env[EMULATOR_VARIABLE] = elsewhere;
  }
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

/** The error a person sees: what could not be done, where, why, and what to do. */
export function explained(error: unknown, verb: string, { name, endpoint }: BucketInputs): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return new Error(`Could not ${verb} bucket "${name}" at ${endpoint}: ${reason}\n${advice(error, verb, endpoint)}`);
}

function advice(error: unknown, verb: string, endpoint: string): string {
  const status = statusOf(error);
  if (status === undefined) return `Is the storage emulator running at ${endpoint}?`;
  if (verb === 'delete' && (status === 409 || status === 412)) {
    return 'It is not empty. Set `forceDestroy: true` and update, or empty it, then delete again.';
  }
  return 'Look at the output of the storage emulator, then run this again.';
}
