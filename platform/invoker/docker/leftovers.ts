/**
 * Which containers are a platform's: they bear a label made of its data folder, also when it was killed. A file in the folder
 * tells that there may be some, so that the next platform on it looks for them, and no other asks for Docker.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writePrivateFile } from '../../../ground/private-file';
import { docker } from './command';

const FILE = 'docker';
/** One that is being removed already is listed for a while. */
const ATTEMPTS = 20;
const PAUSE = 100;

/** The label of this data folder's containers, `NAME=VALUE`; from now on they are looked for. */
export function makeClaimLabel(dataDir: string): string {
  const id = createHash('sha256')
    .update(`${hostname()}\n${path.resolve(dataDir)}`)
    .digest('hex')
    .slice(0, 16);
  const label = `pdfmagic.platform=${id}`;
  writePrivateFile(path.join(dataDir, FILE), `${label}\n`);
  return label;
}

/** Removes one container, running or not. One that is gone is none of our business. */
export async function removeContainer(name: string): Promise<void> {
  await docker(['rm', '--force', '--volumes', name]).catch(() => {});
}

/**
 * Removes all containers of a data folder, and waits until none is left; without Docker they are left for the next time.
 * @returns how many there were
 */
export async function removeContainers(dataDir: string): Promise<number> {
  const file = path.join(dataDir, FILE);
  if (!existsSync(file)) return 0;
  const label = readFileSync(file, 'utf8').trim();
  let most = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const ids = await listContainers(label);
    if (ids?.length === 0) {
      rmSync(file);
      return most;
    }
    most = Math.max(most, ids?.length ?? 0);
    await Promise.all((ids ?? []).map(removeContainer));
    if (attempt > 0) await sleep(PAUSE);
  }
  return most;
}

/** Undefined when there is no answer. */
async function listContainers(label: string): Promise<string[] | undefined> {
  const answer = await docker(['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`]).catch(
    () => undefined,
  );
  return answer?.split('\n').filter((id) => id !== '');
}
