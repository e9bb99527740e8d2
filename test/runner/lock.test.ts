import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LockedError, takeLock } from '../../runner/state/lock';
import { isAlive, readOwnIdentity } from '../../sandbox/processes/process-identity';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const held = (number: number, content: unknown) =>
  writeFileSync(path.join(folder, `s.lock.${number}`), JSON.stringify(content));

describe('the lock of a state', () => {
  it('is held by one at a time, and can be had again when it is released', () => {
    const lock = takeLock(folder, 's');
    expect(() => takeLock(folder, 's')).toThrow(LockedError);
    takeLock(folder, 'another').release();
    lock.release();
    takeLock(folder, 's').release();
    expect(readdirSync(folder).filter((file) => file.startsWith('s.'))).toEqual(['s.lock.2']);
  });

  it('is taken over from a process that is dead, even if another one has its id now', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    held(4, { pid, started: 'whenever' });
    const lock = takeLock(folder, 's');
    expect(lock.takenOverFrom).toBe(pid);
    lock.release();
    held(9, { pid: process.pid, started: 'before this process was' });
    expect(takeLock(folder, 's').takenOverFrom).toBe(process.pid);
    expect(readdirSync(folder)).toEqual(['s.lock.10']);
  });

  it('is not taken from a living process by who saw an older, dead one', () => {
    held(3, { pid: 1, started: 'long ago' });
    held(4, readOwnIdentity());
    expect(() => takeLock(folder, 's')).toThrow(`process ${process.pid}`);
    expect(isAlive(readOwnIdentity())).toBe(true);
  });
});
