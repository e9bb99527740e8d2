/** Uses the platform that runs on a data folder already, or starts one. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { askForProof } from '@pdfmagic/openwhisk/server-proof';
import { type PlatformFile, readPlatformFile, readWskprops } from '../../infra/targets/local/platform-file';
import { nameImage, RUNTIME } from '../invoker/docker';
import { type Platform, type StartOptions, startPlatform } from './platform';

/** A platform, and whether it is ours to stop. */
export interface PlatformInUse {
  readonly platform: Platform;
  /** True when another process runs it; `stop` then does nothing. */
  readonly elsewhere: boolean;
}

/** @throws Error as `startPlatform`, or when a platform runs on this folder that is not as asked for */
export async function openPlatform(options: StartOptions): Promise<PlatformInUse> {
  const file = await findRunning(options.dataDir);
  if (file === undefined) return { platform: await startPlatform(options), elsewhere: false };
  for (const [option, asked, url] of [
    ['--port', options.port, file.apihost],
    ['--storage-port', options.storagePort, file.storageEndpoint],
  ] as const) {
    if (asked !== undefined && asked !== Number(new URL(url).port)) {
      throw new Error(
        `a local platform is already running on ${options.dataDir}, at ${url}. Stop it (process ${file.pid}), or leave ${option} out.`,
      );
    }
  }
  if (options.docker !== undefined) refuseOtherImages(options.dataDir, options.docker, file);
  return { platform: { ...file, stop: async () => {} }, elsewhere: true };
}

/** @throws Error unless a platform that runs has the images that are asked for */
function refuseOtherImages(
  dataDir: string,
  { baseImage, cloudRunBaseImage }: NonNullable<StartOptions['docker']>,
  file: PlatformFile,
): void {
  let found: string;
  if (file.image !== nameImage(RUNTIME, baseImage)) found = `the image ${file.image}`;
  else if (file.cloudRunBaseImage !== cloudRunBaseImage) found = `an image of Cloud Run on ${file.cloudRunBaseImage}`;
  else return;
  throw new Error(
    `a local platform is already running on ${dataDir}, with ${found}. Stop it (process ${file.pid}), or leave --docker out.`,
  );
}

/**
 * The platform that runs on a data folder. A killed one leaves its file behind, and another program may have its port by
 * now: the key is not sent, what answers has to prove that it knows it.
 */
export async function findRunning(dataDir: string): Promise<PlatformFile | undefined> {
  const file = readPlatformFile(dataDir);
  const auth = readWskprops(dataDir)?.get('AUTH');
  if (file === undefined || auth === undefined) return undefined;
  return (await askForProof(file.apihost, auth)) === 'proven' ? file : undefined;
}

/** Waits until the platform that `child` runs on `dataDir` answers. @throws Error when it ends before. */
export async function waitForPlatform(dataDir: string, child: ChildProcess): Promise<void> {
  while ((await findRunning(dataDir))?.pid !== child.pid) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error('the local platform could not be started; see above');
    }
    await sleep(50);
  }
}
