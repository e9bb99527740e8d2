// One installation at a time in a folder. The lock names the processes that are at it, and is void when none of them lives any more.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const PACE = 250;

/** The lock of an installation, held by this process. */
export class Lock {
  /** @param {string} file */
  constructor(file) {
    this.file = file;
  }

  /** Another process is at it, too: the lock is held until that has ended. @param {number} pid */
  share(pid) {
    const draft = `${this.file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify([describe(process.pid), describe(pid)]));
    renameSync(draft, this.file);
  }

  /** Gives it back. */
  release() {
    rmSync(this.file, { force: true });
  }
}

/**
 * Waits until nobody else holds the lock.
 * @param {string} file its folder exists @param {(pid: number) => void} onWait told once who is waited for
 * @returns {Promise<Lock>}
 */
export async function takeLock(file, onWait) {
  const draft = `${file}.${process.pid}`;
  for (let told = false; ; await sleep(PACE)) {
    writeFileSync(draft, JSON.stringify([describe(process.pid)]));
    try {
      // Fails where the file is there, and shows nobody half of one.
      linkSync(draft, file);
      return new Lock(file);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    const owner = holders(file).find(isAlive);
    if (owner === undefined) removeVoid(file);
    else if (!told) {
      onWait(owner.pid);
      told = true;
    }
  }
}

/** Takes a void lock away, but gives one back that somebody has made meanwhile. */
function removeVoid(file) {
  const aside = `${file}.void-${process.pid}`;
  try {
    renameSync(file, aside);
    if (holders(aside).some(isAlive)) linkSync(aside, file);
  } catch (error) {
    // Somebody else was quicker.
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @returns {{ pid: number, since: string }[]} */
function holders(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}

function describe(pid) {
  return { pid, since: startOf(pid) };
}

function isAlive({ pid, since }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  // After a restart of the machine, the number is another process's.
  return startOf(pid) === since;
}

/** When a process started, as Linux counts; elsewhere nothing (proc(5), field 22; the name before it may hold spaces). */
function startOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
