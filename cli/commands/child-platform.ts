/** `npm run platform` as a child process: load is not made on its event loop, and it can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { PROJECT_DIR } from '../project';
import type { PlatformOptions } from './options';
import { PROGRAM } from './stack-of';

/** Starts it; `waitForPlatform` tells when it answers. */
export function startChild(options: PlatformOptions): ChildProcess {
  const args = ['--data', path.resolve(options.data)];
  if (options.sandbox !== undefined) args.push('--sandbox', options.sandbox);
  if (options.docker) args.push('--docker');
  if (options.baseImage !== undefined) args.push('--base-image', options.baseImage);
  if (options.cloudrunBaseImage !== undefined) args.push('--cloudrun-base-image', options.cloudrunBaseImage);
  if (options.port !== undefined) args.push('--port', `${options.port}`);
  if (options.storagePort !== undefined) args.push('--storage-port', `${options.storagePort}`);
  return spawn(process.execPath, [PROGRAM, 'platform', ...args], {
    cwd: PROJECT_DIR,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
