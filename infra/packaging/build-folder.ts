/** The folder that builds are kept in: made when first needed, and rid of what nobody needs any more. */
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Builds of earlier sources are kept for a day: a deployment under way may still read one. */
const KEEP_MS = 24 * 60 * 60 * 1000;

/** Makes the folders; the build folder ignores itself in git. */
export async function makeBuildDir(buildDir: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(buildDir, '.gitignore'), '*\n');
}

/** Removes what earlier sources and interrupted builds left, once it is a day old; a fresh build restarts the clock. */
export async function removeOld(folder: string, name: string, current: string): Promise<void> {
  const now = new Date();
  await utimes(current, now, now);
  for (const entry of await readdir(folder)) {
    const file = path.join(folder, entry);
    if (file === current || !(entry.startsWith(`${name}-`) || entry.startsWith('.'))) continue;
    const modified = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => now.getTime(),
    );
    if (now.getTime() - modified > KEEP_MS) await rm(file, { recursive: true, force: true });
  }
}
