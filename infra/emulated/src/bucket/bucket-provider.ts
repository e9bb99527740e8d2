import type { Bucket } from '@google-cloud/storage';
import { changedInputs, checkInputs, hasUnknown, isKnownGone, pick } from '@pdfmagic/openwhisk/dynamic';
import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { explain, isMissing, openBucket, statusOf } from './bucket-client';
import { type BucketInputs, bucketSchema, MARK } from './bucket-inputs';

/** `adopt` matters only once. */
const COMPARED = { endpoint: {}, name: {}, labels: {}, forceDestroy: {} };

/** Clocks of client and emulator may differ by this many milliseconds. */
const CLOCK_SKEW_MS = 5_000;

/** Reports every bad input by name. */
export async function check(_olds: BucketInputs, news: BucketInputs): Promise<CheckResult<BucketInputs>> {
  return checkInputs(bucketSchema, news);
}

/**
 * Another name is another bucket; another endpoint is the same emulator, moved. A bucket that is known to be gone is to be
 * made again: the engine asks nobody else.
 * @throws Error when another name would delete files
 */
export async function diff(_id: string, olds: BucketInputs, news: BucketInputs): Promise<DiffResult> {
  const changed = changedInputs(COMPARED, olds, news);
  const replaces = changed.filter((name) => name === 'name');
  if (replaces.length > 0 && !hasUnknown(news.name)) await refuseLoss(olds, news);
  return { changes: changed.length > 0 || (await isGone(news)), replaces };
}

/** Creates the bucket; one that is there already is only taken over when told so, or when a killed run of this stack made it. */
export async function create(inputs: BucketInputs): Promise<CreateResult> {
  return explainErrors('create', inputs, async (bucket) => {
    const began = Date.now();
    if (await exists(bucket)) {
      if (inputs.adopt !== true && !(await isOwn(bucket, inputs))) throw makeRefusal(inputs);
    } else {
      await insert(bucket, inputs, began);
    }
    return { id: inputs.name, outs: makeOutputs(inputs) };
  });
}

/** Makes a vanished bucket again. Labels are written at creation only: the emulator keeps none. */
export async function update(_id: string, _olds: BucketInputs, news: BucketInputs): Promise<UpdateResult> {
  return explainErrors('update', news, async (bucket) => {
    if (!(await exists(bucket))) await insert(bucket, news, Date.now());
    return { outs: makeOutputs(news) };
  });
}

/** Says whether the bucket is still there; an empty id means gone. */
export async function read(id: string, olds: BucketInputs): Promise<ReadResult> {
  return explainErrors('read', olds, async (bucket) => {
    if (!(await exists(bucket))) return { id: '' };
    return { id, props: makeOutputs(olds), inputs: makeOutputs(olds) };
  });
}

/** Deletes the bucket, with `forceDestroy` also what is in it. One that is gone already is fine. */
async function remove(_id: string, olds: BucketInputs): Promise<void> {
  return explainErrors('delete', olds, async (bucket) => {
    try {
      if (olds.forceDestroy === true) await empty(bucket, olds);
      await bucket.delete();
    } catch (error) {
      if (!(await exists(bucket))) return;
      throw statusOf(error) === 409 || statusOf(error) === 412 ? refuseFull(olds, await countFiles(bucket)) : error;
    }
  });
}

export { remove as delete };

async function exists(bucket: Bucket): Promise<boolean> {
  const [found] = await bucket.exists();
  return found;
}

/** Whether this resource made the bucket, in a run that was killed before the state knew. */
async function isOwn(bucket: Bucket, { mark }: BucketInputs): Promise<boolean> {
  const [{ labels }] = await bucket.getMetadata();
  return mark !== undefined && labels?.[MARK] === mark;
}

async function isGone(inputs: BucketInputs): Promise<boolean> {
  if (hasUnknown(inputs)) return false;
  return isKnownGone((signal) => isMissing(inputs, signal));
}

/** Deletes what is in the bucket, and says how much that is. */
async function empty(bucket: Bucket, { name }: BucketInputs): Promise<void> {
  const files = await countFiles(bucket);
  if (files > 0) console.error(`Bucket "${name}" is deleted with ${countInWords(files)} in it.`);
  await bucket.deleteFiles({ force: true, versions: true });
}

/**
 * @throws Error with the number of files that a bucket of another name would cost, unless that is allowed. An emulator that
 * does not answer can be asked nothing, nor would it delete anything.
 */
async function refuseLoss(olds: BucketInputs, news: BucketInputs): Promise<void> {
  if (news.forceReplace === true) return;
  const files = await countFiles(openBucket(olds, { autoRetry: false })).catch(() => 0);
  if (files === 0) return;
  throw new Refusal(
    `Bucket "${olds.name}" holds ${countInWords(files)}, which would be deleted when "${news.name}" replaces it, so nothing is changed.\nMove them elsewhere, keep the name, or allow the deletion (\`forceReplace: true\`; for PDFMagic: \`pulumi config set forceDestroy true\`).`,
  );
}

async function countFiles(bucket: Bucket): Promise<number> {
  const [files] = await bucket.getFiles({ fields: 'items/name,nextPageToken' });
  return files.length;
}

function countInWords(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}

/** A "conflict" from a bucket younger than our look is our own work, whose answer was lost and asked for again. */
async function insert(bucket: Bucket, inputs: BucketInputs, began: number): Promise<void> {
  try {
    await bucket.create({ labels: { ...inputs.labels, ...(inputs.mark !== undefined && { [MARK]: inputs.mark }) } });
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    const [{ timeCreated }] = await bucket.getMetadata();
    const young = Date.parse(timeCreated ?? '') >= began - CLOCK_SKEW_MS;
    if (inputs.adopt !== true && !young && !(await isOwn(bucket, inputs))) throw makeRefusal(inputs);
  }
}

async function explainErrors<T>(verb: string, inputs: BucketInputs, step: (bucket: Bucket) => Promise<T>): Promise<T> {
  try {
    return await step(openBucket(inputs));
  } catch (error) {
    throw error instanceof Refusal ? error : explain(error, verb, inputs);
  }
}

function makeOutputs(inputs: BucketInputs): BucketInputs {
  return pick(inputs, Object.keys(bucketSchema.shape)) as unknown as BucketInputs;
}

function refuseFull({ name, endpoint }: BucketInputs, files: number): Refusal {
  return new Refusal(
    `Bucket "${name}" at ${endpoint} holds ${countInWords(files)}, so it was not deleted.\nMove them elsewhere, or set \`forceDestroy: true\`, update, and delete again.`,
  );
}

class Refusal extends Error {}

function makeRefusal({ name, endpoint }: BucketInputs): Refusal {
  return new Refusal(
    `Bucket "${name}" already exists at ${endpoint} and was not created by this resource, so it is unchanged.\nDelete it, choose another name, or set \`adopt: true\` to take it over.`,
  );
}
