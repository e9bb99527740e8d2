/** `npm run platform` as a child process: load is not made on its event loop, and it can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { PROJECT_DIR } from '../project';
import type { PlatformOptions } from './options';
import { PROGRAM } from './stack-of';

/** What its process gets beside its options. */
export interface ChildManner {
  /** Added to the environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** An open file for what it says; without one, only errors are shown. */
  readonly log?: number;
}

/** Starts it; `waitForPlatform` tells when it answers. */
export function startChild(options: PlatformOptions, { env, log }: ChildManner = {}): ChildProcess {
  const args = ['--data', path.resolve(options.data)];
  if (options.sandbox !== undefined) args.push('--sandbox', options.sandbox);
  if (options.docker) args.push('--docker');
  if (options.baseImage !== undefined) args.push('--base-image', options.baseImage);
  if (options.cloudrunBaseImage !== undefined) args.push('--cloudrun-base-image', options.cloudrunBaseImage);
  if (options.port !== undefined) args.push('--port', `${options.port}`);
  if (options.storagePort !== undefined) args.push('--storage-port', `${options.storagePort}`);
  return spawn(process.execPath, [PROGRAM, 'platform', ...args], {
    cwd: PROJECT_DIR,
    env: { ...process.env, ...env },
    stdio: ['ignore', log ?? 'ignore', log ?? 'inherit'],
  });
}
