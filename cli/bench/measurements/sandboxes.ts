/** What one sandbox more takes: a part of `memory`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { PACKAGE } from '../../../contract/names';
import { jsonOf, makeBucket, type OpenWhiskApi, requireSuccess, upload, withQuietBucket } from '../client';
import type { Figures } from '../figures';
import type { Laboratory } from '../laboratory';
import { OURS } from '../measurement';
import { invoke, putAction, RUNTIMES, TRIVIAL } from '../trivial-actions';

/** Milliseconds until the sandbox is paused, and the spare that it was made of is replaced. */
const REST = 2000;
const BUCKET = 'pdfmagic-bench-memory';
/** With four kinds, no more sandboxes than the platform keeps when they are idle. */
const TIMES = 2;

const action = z.object({ exec: z.looseObject({}), parameters: z.array(z.unknown()), limits: z.looseObject({}) });

/**
 * Calls new actions, one after the other, and adds by how much private memory grows with each.
 * @param api of the platform that `readOwn` reads, where nothing else runs
 * @param readOwn 10^6 bytes
 */
export async function addSandboxes(
  laboratory: Laboratory,
  figures: Figures,
  api: OpenWhiskApi,
  readOwn: () => number,
): Promise<void> {
  const { service, api: stack } = await laboratory.deployed();
  const [photo] = laboratory.photos;
  if (photo === undefined) return;
  await makeBucket(service, BUCKET);
  const copyOf = async (name: string): Promise<object> => {
    const found = await stack.get(`actions/${PACKAGE}/${name}`);
    requireSuccess(found);
    const { exec, parameters, limits } = action.parse(jsonOf(found));
    return { exec, parameters, limits: { memory: limits.memory, timeout: limits.timeout } };
  };
  const kinds: readonly { name: string; document: object; parameters: object }[] = [
    ...RUNTIMES.map((name) => ({
      ...{ name: `trivial ${name} action`, parameters: {} },
      document: { exec: TRIVIAL[name].exec },
    })),
    { name: 'v0', document: await copyOf('v0'), parameters: { image: photo.jpeg.toString('base64') } },
    { name: 'v2', document: await copyOf('v2'), parameters: { bucket: BUCKET, name: 'photo.jpg' } },
  ];
  for (let run = 0; run < Math.min(TIMES, laboratory.setup.pace.rounds); run += 1) {
    for (const [index, { name, document, parameters }] of kinds.entries()) {
      laboratory.goOn();
      laboratory.setup.progress(`one sandbox more: ${name}`);
      await upload(withQuietBucket(service, BUCKET).inBucket, photo.jpeg, 'photo.jpg', 'default');
      const fresh = `pdfmagic-bench-${run}-${index}`;
      await putAction(api, fresh, document);
      const before = readOwn();
      await invoke(api, fresh, parameters);
      await sleep(REST);
      figures.add({ what: `one sandbox more, of ${name}: private`, unit: 'MB' }, OURS, readOwn() - before);
    }
  }
}
