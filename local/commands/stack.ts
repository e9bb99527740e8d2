/** `npm run up`, `preview`, `refresh`, `destroy`, `outputs`: the stack on this machine, without the Pulumi CLI. */
import path from 'node:path';
import { openPlatform } from '../platform/running';
import * as runner from '../stack';
import type { StackOptions } from './options';
import { detail, stackEvent } from './progress';

const PROJECT_DIR = path.resolve(__dirname, '../..');

/** What the stack runner needs to know of a student's stack on this machine. */
export function stackOf(options: Pick<StackOptions, 'data' | 'student'>): runner.StackOptions {
  return {
    projectDir: PROJECT_DIR,
    project: 'pdfmagic',
    stack: options.student,
    stateDir: path.resolve(options.data, 'stack'),
    config: { student: options.student, target: 'local', platformDir: path.resolve(options.data) },
    adoptInput: 'adopt',
    onEvent: stackEvent,
  };
}

type Operation = (options: runner.StackOptions) => Promise<runner.StackResult>;

export const up = command(runner.up);
export const preview = command(runner.preview);
export const refresh = command(runner.refresh);
export const destroy = command(runner.destroy);

/** Prints the stack's outputs as JSON; they hold no secret. */
export function outputs(options: StackOptions): void {
  console.log(JSON.stringify(runner.outputs(stackOf(options)), null, 2));
}

/** A command that runs `operation` on a platform that is there, or is started for it and ended again. */
function command(operation: Operation): (options: StackOptions) => Promise<void> {
  return async (options) => {
    const { platform } = await openPlatform({ ...options, host: '127.0.0.1', dataDir: options.data, log: detail });
    try {
      detail(runner.formatSummary(await operation(stackOf(options))));
    } finally {
      await platform.stop();
    }
  };
}
