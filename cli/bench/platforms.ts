/**
 * OpenWhisk beside Cloud Run, on one machine and one storage: the same conversion, warm and cold, by HTTP. Both are measured in
 * turns in one run, and what counts is their ratio. Cold means a new sandbox or process on this machine; on Google Cloud
 * an image may have to be fetched, and a machine to be found, besides.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Storage } from '@google-cloud/storage';
import { z } from 'zod';
import { PACKAGE } from '../../contract/names';
import { putName } from '../client/by-bucket';
import { postJpeg } from '../client/by-request';
import { type Answer, jsonOf } from '../client/http';
import type { OpenWhiskApi } from '../client/openwhisk';
import type { Service } from '../client/service';
import { computeMedian, measureLatencies, type Work } from './measure';

/** The two platforms; both read from the bench's own bucket, and write into the same out bucket. */
export interface Subjects {
  readonly openwhisk: Service;
  readonly cloudrun: Service;
  /** The API of OpenWhisk, by which cold starts are brought about. */
  readonly api: OpenWhiskApi;
  /** Where the platform of this machine tells of the instances of the Cloud Run service. */
  readonly instancesUrl: string;
  readonly storageEndpoint: string;
  readonly jpeg: Buffer;
}

/** Medians in milliseconds, with how many were measured. */
export interface Comparison {
  readonly openwhisk: number;
  readonly cloudrun: number;
  /** Cloud Run by OpenWhisk: below 1 it is faster. */
  readonly ratio: number;
  readonly runs: number;
}

export type PlatformsResult = Readonly<Record<'v1 warm' | 'v1 cold' | 'v2 warm', Comparison>>;

const ROUNDS = 5;
const WARM_RUNS = 12;
const COLD_RUNS = 3;
/** Without events: an upload into it is just an upload. */
export const BUCKET = 'pdfmagic-bench-in';

/** Measures. `progress` takes a line for each step. */
export async function measurePlatforms(at: Subjects, progress: (line: string) => void): Promise<PlatformsResult> {
  const bucket = new Storage({ apiEndpoint: at.storageEndpoint, projectId: 'bench' }).bucket(BUCKET);
  if (!(await bucket.exists())[0]) await bucket.create();
  try {
    const byBody = (service: Service) => async () => requireSuccess(await postJpeg(service, at.jpeg));
    const v1 = { openwhisk: byBody(at.openwhisk), cloudrun: byBody(at.cloudrun) };
    const result = {
      'v1 warm': await measureInTurns(v1, WARM_RUNS, (round) => progress(`v1 warm, round ${round} of ${ROUNDS}`)),
      'v2 warm': await measureByNames(at, (round) => progress(`v2 warm, round ${round} of ${ROUNDS}`)),
      'v1 cold': await measureCold(at, v1, (round) => progress(`v1 cold, round ${round} of ${ROUNDS}`)),
    };
    return result;
  } finally {
    await bucket.deleteFiles({ force: true });
    await bucket.delete();
  }
}

type Pair<T> = Readonly<Record<'openwhisk' | 'cloudrun', T>>;

async function measureInTurns(work: Pair<Work>, runs: number, progress: (round: number) => void): Promise<Comparison> {
  await measureLatencies(work.openwhisk, 3);
  await measureLatencies(work.cloudrun, 3);
  const times = { openwhisk: [] as number[], cloudrun: [] as number[] };
  for (let round = 1; round <= ROUNDS; round++) {
    progress(round);
    times.openwhisk.push(...(await measureLatencies(work.openwhisk, runs)));
    times.cloudrun.push(...(await measureLatencies(work.cloudrun, runs)));
  }
  return compare(times);
}

/** A name is converted once, so each run has an object of its own; putting it there is not measured. */
async function measureByNames(at: Subjects, progress: (round: number) => void) {
  const runs = ROUNDS * WARM_RUNS + 3;
  const names = (platform: string) => Array.from({ length: runs }, (_, run) => `${platform}-${Date.now()}-${run}.jpg`);
  const left = { openwhisk: names('openwhisk'), cloudrun: names('cloudrun') };
  for (const name of [...left.openwhisk, ...left.cloudrun]) {
    await at.openwhisk.inBucket.upload(at.jpeg, name);
  }
  const work = (platform: keyof typeof left) => async () =>
    requireSuccess(await putName(at[platform], left[platform].pop() ?? ''));
  return measureInTurns({ openwhisk: work('openwhisk'), cloudrun: work('cloudrun') }, WARM_RUNS, progress);
}

async function measureCold(at: Subjects, v1: Pair<Work>, progress: (round: number) => void): Promise<Comparison> {
  const times = { openwhisk: [] as number[], cloudrun: [] as number[] };
  for (let round = 1; round <= ROUNDS; round++) {
    progress(round);
    for (let run = 0; run < COLD_RUNS; run++) {
      await forgetContainers(at);
      times.openwhisk.push(...(await measureLatencies(v1.openwhisk, 1)));
      await endInstances(at);
      times.cloudrun.push(...(await measureLatencies(v1.cloudrun, 1)));
    }
  }
  return compare(times);
}

/** Another version of an action runs in new containers alone: OpenWhisk's documentation, "Updating an action". */
async function forgetContainers({ api }: Subjects): Promise<void> {
  const action = `actions/${PACKAGE}/v1`;
  const { parameters } = z.object({ parameters: z.unknown() }).parse(jsonOf(await api.get(action)));
  requireSuccess(await api.send('PUT', `${action}?overwrite=true`, { parameters }));
}

/** Ends the instances as scaling to zero does, and waits until they are gone. */
async function endInstances({ api, instancesUrl }: Subjects): Promise<void> {
  const instances = async (): Promise<number[]> =>
    z.object({ instances: z.array(z.number()) }).parse(jsonOf(await api.get(instancesUrl))).instances;
  for (const pid of await instances()) process.kill(pid, 'SIGTERM');
  while ((await instances()).length > 0) await sleep(20);
}

function compare({ openwhisk, cloudrun }: Pair<number[]>): Comparison {
  const [one, other] = [computeMedian(openwhisk), computeMedian(cloudrun)];
  return { openwhisk: one, cloudrun: other, ratio: other / one, runs: openwhisk.length };
}

function requireSuccess({ status, body }: Answer): void {
  if (status !== 200) throw new Error(`the answer was ${status}: ${body.toString()}`);
}
