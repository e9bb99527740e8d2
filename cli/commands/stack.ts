/** `npm run up`, `preview`, `refresh`, `destroy`, `outputs`: the stack on this machine, without the Pulumi CLI. */
import { writeStart } from '../../infra/targets/local/platform-file';
import type { Platform } from '../../platform/composition/platform';
import { findRunning, openPlatform } from '../../platform/composition/running';
import * as runner from '../../runner';
import { deployedStack } from './deployed-stack';
import { describeStack } from './describe-stack';
import { isDeployed, refuseForeignStack, refuseSecondStack } from './one-stack';
import { platformOf, type StackOptions } from './options';
import { confirmMove, type MoveOptions } from './platform-change';
import { detail, endStep, showLife } from './progress';
import { requireRoom } from './require-room';
import { stopSignal } from './signals';
import { stackOf } from './stack-of';

type Operation = (options: runner.StackOptions) => Promise<runner.StackResult>;

export const up = makingCommand(runner.up);
export const preview = makingCommand(runner.preview, true);
export const refresh = knowingCommand(runner.refresh);
export const destroy = knowingCommand(runner.destroy);

/** Prints where everything is and commands to paste, or all outputs as JSON; they hold no secret. */
export async function outputs(options: StackOptions & { readonly json?: boolean }): Promise<void> {
  const raw = runner.outputs(stackOf(options));
  if (Object.keys(raw).length === 0) {
    throw new Error(
      `Nothing is deployed for student ${options.student}: the data folder is ${options.data}. To deploy, run \`npm start\` or \`npm run up\`. ` +
        'For a stack of the real Pulumi, run `pulumi stack output`.',
    );
  }
  console.log(options.json ? JSON.stringify(raw, null, 2) : describeStack(deployedStack(raw, options.data)));
  if ((await findRunning(options.data)) === undefined)
    console.error(
      `\nnote: no local platform is running. \`${writeStart(options.data)}\` in another terminal starts it.`,
    );
}

/** A command that may make something: refused where another stack is. */
function makingCommand(operation: Operation, planned = false): (options: MoveOptions) => Promise<void> {
  return async (options) => {
    refuseSecondStack(options);
    if (!planned) await confirmMove(options);
    requireRoom(options);
    await onPlatform(options, async (platform) => {
      await refuseForeignStack(platform, options);
      await run(operation, options, planned);
    });
  };
}

/** A command for what the state knows of; without that it needs no platform. */
function knowingCommand(operation: Operation): (options: StackOptions) => Promise<void> {
  return async (options) => {
    refuseSecondStack(options);
    if (isDeployed(options)) await onPlatform(options, () => run(operation, options));
    else detail('nothing to do');
  };
}

async function run(operation: Operation, options: StackOptions, planned = false): Promise<void> {
  detail(runner.formatSummary(await operation({ ...stackOf(options), signal: stopSignal() }), planned));
}

/** Does something on the platform that runs; if none does, on one that is started for it and ended again. */
async function onPlatform(options: StackOptions, step: (platform: Platform) => Promise<void>): Promise<void> {
  showLife();
  const { platform, elsewhere } = await openPlatform(platformOf(options, detail));
  try {
    await step(platform);
  } finally {
    await platform.stop();
    endStep();
  }
  if (!elsewhere)
    detail(
      'No local platform was running, so one was started for this and stopped again. `npm start` keeps one running.',
    );
}
