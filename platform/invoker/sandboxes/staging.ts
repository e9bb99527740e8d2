/**
 * Copies of what sandboxes get of the project itself: launchers, compilers and the ImageMagick policy. Copied once at start, readable
 * by every user, so that a strict umask of the checkout does no harm and an edit there reaches no running platform.
 */
import { chmod, copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ImageMagickPolicy } from '../../../sandbox/sandbox';
import type { RuntimeDescription } from '../runtimes/runtime';

const POLICY = path.join(__dirname, '..', '..', '..', 'runtime', 'policy.xml');

/** The copies. */
export interface Staged extends ImageMagickPolicy {
  /** Path of the copy of a runtime's launcher or compiler. */
  copyOf(script: string): string;
}

/** The folder of the copies. */
export function nameStagingFolder(dataDir: string): string {
  return path.join(dataDir, 'runtime');
}

/** Writes the copies below the data folder. */
export async function stage(dataDir: string, runtimes: readonly RuntimeDescription[]): Promise<Staged> {
  const folder = nameStagingFolder(dataDir);
  const policyFolder = path.join(folder, 'ImageMagick');
  await mkdir(policyFolder, { recursive: true, mode: 0o755 });
  await replace(POLICY, path.join(policyFolder, 'policy.xml'));
  const copies = new Map<string, string>();
  for (const script of runtimes.flatMap(({ launcher, compiler }) => [launcher, compiler])) {
    if (script === undefined) continue;
    const copy = path.join(folder, path.basename(script));
    await replace(script, copy);
    copies.set(script, copy);
  }
  const policyLimits = limitsOf(await readFile(POLICY, 'utf8'));
  return { policyFolder, policyLimits, copyOf: (script) => copies.get(script) ?? script };
}

function limitsOf(policy: string): Record<string, string> {
  const limits: Record<string, string> = {};
  for (const [, name = '', value = ''] of policy.matchAll(/domain="resource" name="(\w+)" value="([^"]+)"/g)) {
    limits[`MAGICK_${name.toUpperCase()}_LIMIT`] = value;
  }
  return limits;
}

async function replace(from: string, to: string): Promise<void> {
  // A sandbox that an earlier platform left may still have the old file mounted: a new file, not new contents.
  await rm(to, { force: true });
  await copyFile(from, to);
  await chmod(to, 0o444);
}
