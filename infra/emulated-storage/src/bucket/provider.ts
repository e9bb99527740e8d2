import type { Bucket } from '@google-cloud/storage';
import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { changedInputs, checkInputs } from '../input/check';
import { explained, openBucket, statusOf } from './client';
import { type BucketInputs, bucketRules } from './inputs';

/** `adopt` matters only once. */
const COMPARED = ['endpoint', 'name', 'labels', 'forceDestroy'];

/** Clocks of client and emulator may differ by this many milliseconds. */
const CLOCK_SKEW_MS = 5_000;

/** Reports every bad input by name. */
export async function check(_olds: BucketInputs, news: BucketInputs): Promise<CheckResult<BucketInputs>> {
  return checkInputs(bucketRules, news);
}

/** Another name is another bucket; another endpoint is the same emulator, moved. */
export async function diff(_id: string, olds: BucketInputs, news: BucketInputs): Promise<DiffResult> {
  const changed = changedInputs(COMPARED, olds, news);
  return { changes: changed.length > 0, replaces: changed.filter((name) => name === 'name') };
}

/** Creates the bucket; one that is there already is only adopted when told so. */
export async function create(inputs: BucketInputs): Promise<CreateResult> {
  return explaining('create', inputs, async (bucket) => {
    const began = Date.now();
    if (await exists(bucket)) {
      if (inputs.adopt !== true) throw refusal(inputs);
    } else {
      await insert(bucket, inputs, began);
    }
    return { id: inputs.name, outs: outputs(inputs) };
  });
}

/** Makes a vanished bucket again. Labels are written at creation only: the emulator keeps none. */
export async function update(_id: string, _olds: BucketInputs, news: BucketInputs): Promise<UpdateResult> {
  return explaining('update', news, async (bucket) => {
    if (!(await exists(bucket))) await insert(bucket, news, Date.now());
    return { outs: outputs(news) };
  });
}

/** Says whether the bucket is still there; an empty id means gone. */
export async function read(id: string, olds: BucketInputs): Promise<ReadResult> {
  return explaining('read', olds, async (bucket) => {
    if (!(await exists(bucket))) return { id: '' };
    return { id, props: outputs(olds), inputs: outputs(olds) };
  });
}

/** Deletes the bucket, with `forceDestroy` also what is in it. One that is gone already is fine. */
async function remove(_id: string, olds: BucketInputs): Promise<void> {
  return explaining('delete', olds, async (bucket) => {
    try {
      if (olds.forceDestroy === true) await bucket.deleteFiles({ force: true, versions: true });
      await bucket.delete();
    } catch (error) {
      if (await exists(bucket)) throw error;
    }
  });
}

export { remove as delete };

async function exists(bucket: Bucket): Promise<boolean> {
  const [found] = await bucket.exists();
  return found;
}

/** A "conflict" from a bucket younger than our look is our own work, whose answer was lost and asked for again. */
async function insert(bucket: Bucket, inputs: BucketInputs, began: number): Promise<void> {
  try {
    await bucket.create(inputs.labels === undefined ? {} : { labels: { ...inputs.labels } });
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    const [{ timeCreated }] = await bucket.getMetadata();
    if (inputs.adopt !== true && Date.parse(timeCreated ?? '') < began - CLOCK_SKEW_MS) throw refusal(inputs);
  }
}

async function explaining<T>(verb: string, inputs: BucketInputs, step: (bucket: Bucket) => Promise<T>): Promise<T> {
  try {
    return await step(openBucket(inputs));
  } catch (error) {
    throw error instanceof Refusal ? error : explained(error, verb, inputs);
  }
}

function outputs(inputs: BucketInputs): BucketInputs {
  const known = Object.entries(inputs).filter(([name, value]) => name in bucketRules && value !== undefined);
  return Object.fromEntries(known) as unknown as BucketInputs;
}

class Refusal extends Error {}

function refusal({ name, endpoint }: BucketInputs): Refusal {
  return new Refusal(
    `Bucket "${name}" exists already at ${endpoint} and was not created by this resource, so it was left as it is.\nDelete it, choose another name, or set \`adopt: true\` to take it over.`,
  );
}
