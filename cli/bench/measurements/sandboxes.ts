/** What one sandbox more takes: a part of `memory`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { convertByV0, convertByV1, convertByV2, makeBucket, upload, V0, withQuietBucket } from '../client';
import type { Figures } from '../figures';
import type { Deployed, Laboratory } from '../laboratory';
import { OURS } from '../measurement';
import { invoke, putTrivial, RUNTIMES, TRIVIAL } from '../trivial-actions';

/** Milliseconds until the sandbox is paused, and the spare that it was made of is replaced. */
const REST = 2000;
const BUCKET = 'pdfmagic-bench-memory';

/**
 * Calls each action for the first time, one after the other, and adds by how much the private memory of all sandboxes grows.
 * @param at a platform on which nothing was called yet
 * @param readOwn private memory of its sandboxes, in 10^6 bytes
 */
export async function addSandboxes(
  laboratory: Laboratory,
  figures: Figures,
  { service, api }: Deployed,
  readOwn: () => number,
): Promise<void> {
  const [photo] = laboratory.photos;
  if (photo === undefined) return;
  const base64 = photo.jpeg.toString('base64');
  await makeBucket(service, BUCKET);
  const quiet = withQuietBucket(service, BUCKET);
  await upload(quiet.inBucket, photo.jpeg, 'photo.jpg', 'default');
  for (const runtime of RUNTIMES) await putTrivial(api, runtime);
  const calls = {
    ...Object.fromEntries(
      RUNTIMES.map((name) => [`a trivial ${name} action`, () => invoke(api, TRIVIAL[name].name)] as const),
    ),
    v0: () => convertByV0(api, V0, base64, 'default'),
    v1: () => convertByV1(service, photo.jpeg, 'default'),
    v2: () => convertByV2(quiet, 'photo.jpg', 'default'),
  };
  await sleep(REST);
  for (const [name, call] of Object.entries(calls)) {
    laboratory.goOn();
    laboratory.setup.progress(`one sandbox more: ${name}`);
    const before = readOwn();
    await call();
    await sleep(REST);
    figures.add({ what: `one sandbox more, of ${name}: private`, unit: 'MB' }, OURS, readOwn() - before);
  }
}
