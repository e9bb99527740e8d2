/** Removing the folder of processes that are gone. */
import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Removes a folder with all that an action left in it, also folders that it closed to everybody. What cannot be removed
 * stays: a sandbox has ended all the same.
 */
export async function removeFolder(root: string): Promise<void> {
  try {
    await rm(root, { recursive: true, force: true });
  } catch {
    await openUp(root).catch(() => {});
    await rm(root, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
  }
}

/** Follows no links: only folders are opened, and only those within. */
async function openUp(folder: string): Promise<void> {
  if (!(await lstat(folder)).isDirectory()) return;
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openUp(path.join(folder, entry.name));
  }
}
