/** What a stack runs on: as it is deployed, unless somebody asks for the other platform. Moving it deletes what it leaves. */
import { createInterface } from 'node:readline/promises';
import type { PlatformName } from '../../contract/ways';
import * as runner from '../../runner';
import { UsageFailure } from '../failure';
import type { StackOptions } from './options';
import { stackOf } from './stack-of';

/** What commands that deploy take. */
export interface MoveOptions extends StackOptions {
  /** Move it without asking. */
  readonly move?: boolean;
}

const NAMES = { openwhisk: 'OpenWhisk', cloudrun: 'Cloud Run' } as const;
/** Types of the resources that only one of the platforms has; buckets stay. */
const OWN = { openwhisk: /\/openwhisk:/, cloudrun: /\/emulated-cloudrun:/ } as const;

type Which = Pick<StackOptions, 'data' | 'student'>;

/** The platform that a command is for, when no option names one. */
export function chosenPlatform(options: Which): PlatformName {
  const { cloudrun, openwhisk } = countByPlatform(options);
  return cloudrun > openwhisk ? 'cloudrun' : 'openwhisk';
}

/**
 * Asks before a stack leaves the platform that it is deployed on; without a terminal, the option has to say so.
 * @throws UsageFailure unless somebody says yes
 */
export async function confirmMove(options: MoveOptions): Promise<void> {
  const left = options.platform === 'openwhisk' ? 'cloudrun' : 'openwhisk';
  const count = countByPlatform(options)[left];
  if (count === 0 || options.move === true) return;
  const [from, to] = [NAMES[left], NAMES[options.platform]];
  const what =
    `the stack of ${options.student} is on ${from}. Moving it to ${to} deletes its ${count} resources on ${from}, and its URLs ` +
    'change; the buckets stay.';
  const asks = process.stdin.isTTY && process.stdout.isTTY;
  if (asks && (await agree(`\n${what}\nMove it? [y/N] `))) return;
  throw new UsageFailure(
    asks ? 'The stack was not moved; nothing was changed.' : `${what} Nothing was changed.`,
    'Add --move to move it. To have both, give the other one a data folder and ports of its own: --data FOLDER --port N.',
  );
}

/** Whether a person at the terminal says yes; an ended input, or Ctrl-C, is a no. */
function agree(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise((resolve) => {
    terminal.once('SIGINT', () => terminal.close());
    terminal.once('close', () => resolve(false));
    terminal.question(question).then(
      (answer) => {
        resolve(/^y(es)?$/i.test(answer.trim()));
        terminal.close();
      },
      () => resolve(false),
    );
  });
}

function countByPlatform({ data, student }: Which): Record<PlatformName, number> {
  const { resources, interruptedCreates } = runner.readState(stackOf({ data, student, platform: 'openwhisk' }));
  const urns = [...resources, ...interruptedCreates].map(({ urn }) => urn);
  const count = (type: RegExp): number => urns.filter((urn) => type.test(urn)).length;
  return { openwhisk: count(OWN.openwhisk), cloudrun: count(OWN.cloudrun) };
}
