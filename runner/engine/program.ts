/** Runs a Pulumi program in this process, against a monitor of ours in place of an engine. */
import { createRequire } from 'node:module';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import type { ConfigValue } from '../contract';
import { fullKey } from './config';
import type { Monitor } from './monitor';
import { EndlessError } from './program-errors';
import { leaveOutTraces } from './unread-traces';

/** What a program is run with. */
export interface ProgramOptions {
  readonly project: string;
  readonly stack: string;
  readonly projectDir: string;
  /** The program's file, relative to `projectDir`. */
  readonly program: string;
  readonly config: Readonly<Record<string, ConfigValue>>;
  readonly preview: boolean;
}

/** How long a program that has ended may be kept from ending its process by something it left open. */
const LEFT_OPEN_LIMIT = 60_000;

/**
 * Runs the program until nothing is left for it to do, which is how Pulumi's own language host knows that a program has
 * registered everything: resources may be made in any later turn of the event loop.
 *
 * A process can do this once, since the SDK and the program keep global state. It must pass unhandled rejections to
 * `note` too: that is where the SDK's errors come out.
 * @param note told of each error
 */
export async function runProgram(
  monitor: Monitor,
  options: ProgramOptions,
  note: (error: unknown) => void,
): Promise<void> {
  process.chdir(options.projectDir);
  leaveOutTraces();
  pulumi.runtime.setMockOptions(monitor, options.project, options.stack, options.preview, 'organization');
  setConfig(options);
  let ended = false;
  const end = () => {
    ended = true;
  };
  const idle = untilIdle(() => ended);
  pulumi.runtime
    .runInPulumiStack(() => load(options))
    .then(end, (error: unknown) => {
      end();
      note(error);
    });
  const held = await idle;
  if (held !== undefined) note(new EndlessError(held));
  else if (!ended) note(new EndlessError('The program is waiting for a promise that never resolves.'));
}

function setConfig({ config, project }: ProgramOptions): void {
  const entries = Object.entries(config).map(([key, value]) => [fullKey(key, project), value] as const);
  const clear = entries.map(([key, value]) => [key, typeof value === 'string' ? value : value.secret]);
  const secretKeys = entries.flatMap(([key, value]) => (typeof value === 'string' ? [] : [key]));
  pulumi.runtime.setAllConfig(Object.fromEntries(clear), secretKeys);
}

/** As `cmd/run/run.ts`: the exports are the stack's outputs; an exported function is called for them. */
async function load({ projectDir, program }: ProgramOptions): Promise<Record<string, unknown>> {
  const file = path.resolve(projectDir, program);
  const exported: unknown = createRequire(file)(file);
  return (typeof exported === 'function' ? await exported() : exported) as Record<string, unknown>;
}

/** Resolves when the event loop has run empty, or with words about what keeps it from that. */
function untilIdle(hasEnded: () => boolean): Promise<string | undefined> {
  return new Promise((resolve) => {
    let since: number | undefined;
    const watch = setInterval(() => {
      since ??= hasEnded() ? performance.now() : undefined;
      if (since === undefined || performance.now() - since < LEFT_OPEN_LIMIT) return;
      settle(
        `The program has ended, but something keeps it from exiting (${process.getActiveResourcesInfo().join(', ')}). Nothing was deleted.`,
      );
    }, 1_000).unref();
    // Once more round the loop, so that other listeners of `beforeExit` can make resources.
    const again = () => setImmediate(() => process.once('beforeExit', last));
    const last = () => settle(undefined);
    const settle = (held: string | undefined) => {
      clearInterval(watch);
      process.off('beforeExit', again);
      process.off('beforeExit', last);
      resolve(held);
    };
    process.once('beforeExit', again);
  });
}
