// What is missing of a checkout, in the order in which it can fail: what needs a right comes before what needs a minute.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from './lock.mjs';
import { installNodePackages, isInstalled, requireRoom } from './node-packages.mjs';
import { installSystemPackages, missingPackages, requirePython } from './system-packages.mjs';

/**
 * Installs what is missing, one process at a time.
 * @param {string} root the project folder
 * @throws {Error} with the cause and what to do
 */
export async function prepare(root) {
  requirePython();
  if (isInstalled(root) && missingPackages().length === 0) return;
  const folder = join(root, 'build');
  const log = join(folder, 'setup.log');
  let lock;
  try {
    mkdirSync(folder, { recursive: true });
    lock = await takeLock(join(folder, 'setup.lock'), (pid) =>
      console.log(`Waiting for another installation in this folder (process ${pid}) ...`),
    );
  } catch (error) {
    throw new Error(explainFolder(root, error));
  }
  try {
    // The last one that waited may find all of it done.
    const missing = missingPackages();
    const installed = isInstalled(root);
    if (missing.length > 0 || !installed) startLog(log);
    if (!installed) requireRoom(root);
    if (missing.length > 0) await installSystemPackages(missing, log);
    if (!installed) await installNodePackages(root, log, (pid) => lock.share(pid));
  } finally {
    lock.release();
  }
}

/** The log is a help, not a need. */
function startLog(log) {
  try {
    writeFileSync(log, `${new Date().toISOString()} Node.js ${process.versions.node}\n`);
  } catch {
    // A full disk is said by what needs room.
  }
}

function explainFolder(root, error) {
  if (error.code === 'ENOSPC') return `The disk of ${root} is full. Make room, then run the same command again.`;
  return `PDFMagic has to write to ${root}, and may not (${error.code}). Copy it to a folder of your own.`;
}
