/** `npm run up`, `preview`, `refresh`, `destroy`, `outputs`: the stack on this machine, without the Pulumi CLI. */
import path from 'node:path';
import { findRunning, openPlatform } from '../platform/running';
import * as runner from '../stack';
import { deployedStack } from './deployed-stack';
import { describeStack } from './describe-stack';
import { platformOf, type StackOptions } from './options';
import { detail, stackEvent } from './progress';
import { stopSignal } from './signals';

/** The folder of the project. */
export const PROJECT_DIR = path.resolve(__dirname, '../..');

/** What the stack runner needs to know of a student's stack on this machine. */
export function stackOf(options: Pick<StackOptions, 'data' | 'student' | 'platform'>): runner.StackOptions {
  return {
    projectDir: PROJECT_DIR,
    project: 'pdfmagic',
    stack: options.student,
    stateDir: path.resolve(options.data, 'stack'),
    config: {
      ...{ student: options.student, target: 'local', platform: options.platform },
      platformDir: path.resolve(options.data),
    },
    adoptInput: 'adopt',
    onEvent: stackEvent,
  };
}

/** One platform holds one student's stack: the names of package, API and trigger are the same in all. */
export function refuseSecondStack({
  data,
  student,
  platform,
}: Pick<StackOptions, 'data' | 'student' | 'platform'>): void {
  const stateDir = path.resolve(data, 'stack');
  for (const stack of runner.stackNames(stateDir).filter((name) => name !== student)) {
    if (Object.keys(runner.outputs(stackOf({ data, student: stack, platform }))).length === 0) continue;
    throw new Error(
      `the stack of ${stack} is deployed on ${data}, and a platform holds one. Remove it (npm run destroy -- --student ${stack}), ` +
        'or use another data folder and other ports (--data, --port, --storage-port).',
    );
  }
}

type Operation = (options: runner.StackOptions) => Promise<runner.StackResult>;

export const up = command(runner.up);
export const preview = command(runner.preview, true);
export const refresh = command(runner.refresh);
export const destroy = command(runner.destroy);

/** Prints where everything is and commands to paste, or all outputs as JSON; they hold no secret. */
export async function outputs(options: StackOptions & { readonly json?: boolean }): Promise<void> {
  const raw = runner.outputs(stackOf(options));
  if (Object.keys(raw).length === 0) {
    throw new Error(
      `nothing of student ${options.student} is deployed on ${options.data}; npm start or npm run up does that.`,
    );
  }
  console.log(options.json ? JSON.stringify(raw, null, 2) : describeStack(deployedStack(raw)));
  if ((await findRunning(options.data)) === undefined)
    console.error('\nnote: no platform is running; npm start or npm run platform starts it.');
}

/** A command that runs `operation` on a platform that is there, or is started for it and ended again. */
function command(operation: Operation, planned = false): (options: StackOptions) => Promise<void> {
  return async (options) => {
    const stack = stackOf(options);
    refuseSecondStack(options);
    const { platform, elsewhere } = await openPlatform(platformOf(options, detail));
    try {
      detail(runner.formatSummary(await operation({ ...stack, signal: stopSignal() }), planned));
    } finally {
      await platform.stop();
    }
    if (!elsewhere) detail('No platform was running, so one was started for this and ended again; npm start serves.');
  };
}
