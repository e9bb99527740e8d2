/** Uses the platform that runs on a data folder already, or starts one. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPlatformFile } from '../../infra/platform-file';
import { type Platform, type StartOptions, startPlatform } from './platform';

/** A platform, and whether it is ours to stop. */
export interface PlatformInUse {
  readonly platform: Platform;
  /** True when another process runs it; `stop` then does nothing. */
  readonly elsewhere: boolean;
}

/** @throws Error as `startPlatform` */
export async function openPlatform(options: StartOptions): Promise<PlatformInUse> {
  const file = readPlatformFile(options.dataDir);
  if (file !== undefined && (await answers(file.apihost))) {
    return { platform: { ...file, stop: async () => {} }, elsewhere: true };
  }
  return { platform: await startPlatform(options), elsewhere: false };
}

/** True when an OpenWhisk is there; a killed platform leaves its file behind. */
async function answers(apihost: string): Promise<boolean> {
  try {
    const ping = await fetch(`${apihost}/ping`, { signal: AbortSignal.timeout(5000) });
    return (await ping.text()) === 'pong';
  } catch {
    return false;
  }
}

/** Waits until the platform that `child` runs on `dataDir` answers. @throws Error when it ends before. */
export async function waitForPlatform(dataDir: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error('the platform could not be started; see above');
    const file = readPlatformFile(dataDir);
    if (file?.pid === child.pid && file !== undefined && (await answers(file.apihost))) return;
    await sleep(50);
  }
}
