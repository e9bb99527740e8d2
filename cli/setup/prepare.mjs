// What is missing of a checkout, in the order in which it can fail: what needs a right comes before what needs a minute.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from './lock.mjs';
import { installNodePackages, isInstalled, requireRoom } from './node-packages.mjs';
import { missingPackages, planSystemPackages, requirePython } from './system-packages.mjs';

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
    const installSystemPackages = planSystemPackages(missing, log);
    await inTheMeantime(installSystemPackages, async (signal) => {
      if (!installed) await installNodePackages(root, log, (pid) => lock.share(pid), signal);
    });
  } finally {
    lock.release();
  }
}

/**
 * Does both at once. What apt has begun it brings to an end, or it would leave the system's packages half installed; npm's
 * work is ended as soon as apt has failed.
 * @param {() => Promise<void>} first by apt @param {(signal: AbortSignal) => Promise<void>} second by npm
 * @throws {Error} that of the one that failed first, once neither goes on
 */
async function inTheMeantime(first, second) {
  const stop = new AbortController();
  const failures = [];
  const fail = (error) => {
    failures.push(error);
    stop.abort(error);
  };
  await Promise.all([first().catch(fail), second(stop.signal).catch(fail)]);
  if (failures.length > 0) throw failures[0];
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
  return `PDFMagic must write to ${root}, but is not allowed to (${error.code}). Copy it to a folder of your own.`;
}
