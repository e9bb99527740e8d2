/** What becomes of a run whose parent dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REGISTER } from '../compiled';
import { type Laboratory, openLaboratory } from './laboratory';

const PARENT = path.join(__dirname, 'fixtures', 'parent.ts');

let lab: Laboratory;
let parent: ChildProcess;
beforeEach(() => {
  lab = openLaboratory();
});
afterEach(async () => {
  if (parent.exitCode === null) parent.kill('SIGKILL');
  await lab.close();
});

/** Starts `up` under a parent of its own, and waits until the provider is in the create of `a`. */
async function startIn(fault: 'hang' | 'wait'): Promise<void> {
  lab.program({ a: { properties: { name: 'a' } }, b: { properties: { name: 'b' } } });
  lab.faults({ 'create a': fault });
  const { env, onEvent: _, ...options } = lab.options;
  parent = spawn(process.execPath, ['--require', REGISTER, PARENT], {
    env: { ...env, OPTIONS: JSON.stringify(options) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await lab.untilHanging();
}

async function killParent(): Promise<void> {
  const gone = once(parent, 'exit');
  parent.kill('SIGKILL');
  await gone;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a run whose parent dies', () => {
  it('ends after the step under way, and the next run waits for that', async () => {
    await startIn('wait');
    await killParent();
    const next = lab.up();
    lab.go();
    expect((await next).changes).toEqual({ same: 1, create: 1 });
    expect(Object.keys(lab.objects())).toEqual(['a', 'b']);
  });

  it('ends soon when that step does not; the next run takes over what it was making', async () => {
    await startIn('hang');
    const worker = lab.workerPid();
    await killParent();
    lab.faults({});
    expect((await lab.up({ adoptInput: 'adopt' })).changes).toEqual({ create: 2 });
    // The lock is free a moment before the process that held it is gone.
    await expect.poll(() => isAlive(worker)).toBe(false);
  });

  it('because nobody reads what it prints: the next run goes on just so', async () => {
    await startIn('wait');
    const gone = once(parent, 'exit');
    parent.stdout?.destroy();
    lab.go();
    await gone;
    await lab.up({ adoptInput: 'adopt' });
    expect(Object.keys(lab.objects())).toEqual(['a', 'b']);
  });
});
