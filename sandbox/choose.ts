/** Which kind of sandbox this machine can have: found out by making one. */

import { messageOf } from '../ground/errors';
import { useBubblewrap } from './bubblewrap';
import { findProgram } from './host';
import { usePlainProcesses } from './plain-processes';
import type { ProcessRecords } from './processes/records';
import { type ImageMagickPolicy, SandboxError, type SandboxFactory, type SandboxSpec } from './sandbox';

/** What the user may ask for; `auto` takes bubblewrap where it works. */
export type SandboxChoice = 'auto' | 'bubblewrap' | 'process';

const CONSEQUENCE = 'Deployed code runs as plain processes, which are less isolated. Deploy only code that you trust.';

/** What a trial runs, and what it is called in a message. It ends without a word on stderr when its input ends. */
export interface Trial {
  readonly name: string;
  readonly spec: SandboxSpec;
}

/**
 * Makes the factory for sandboxes in which all trials work; `bwrap` is the program to try, the system's unless told otherwise.
 * @throws SandboxError when bubblewrap was asked for by name and does not work
 */
export async function chooseSandbox(
  choice: SandboxChoice,
  trials: readonly Trial[],
  policy: ImageMagickPolicy,
  records: ProcessRecords,
  bwrap: string | undefined = findProgram('bwrap'),
): Promise<SandboxFactory> {
  if (choice === 'process') {
    const reason = `bubblewrap is off (--sandbox process, or PDFMAGIC_SANDBOX=process). ${CONSEQUENCE}`;
    return usePlainProcesses(policy, records, reason);
  }
  const attempt = await tryBubblewrap(bwrap, trials, policy, records);
  if (typeof attempt !== 'string') return attempt;
  if (choice === 'bubblewrap') throw new SandboxError(`bubblewrap was asked for, but ${attempt}`);
  return usePlainProcesses(policy, records, `No bubblewrap sandbox here: ${attempt}. ${CONSEQUENCE}`);
}

/** The factory, or why there is none. */
async function tryBubblewrap(
  program: string | undefined,
  trials: readonly Trial[],
  policy: ImageMagickPolicy,
  records: ProcessRecords,
): Promise<SandboxFactory | string> {
  if (process.platform !== 'linux') return 'it works on Linux only';
  if (!program) return 'it is not installed (apt-get install bubblewrap)';
  try {
    const factory = await useBubblewrap(program, policy, records);
    for (const { name, spec } of trials) {
      const failure = await probe(factory, spec);
      if (failure !== undefined) return `a trial sandbox for ${name} failed: ${failure}`;
    }
    return factory;
  } catch (error) {
    return `it does not work: ${takeFirstLine(messageOf(error))}`;
  }
}

/** Starts the real program and ends its input: a launcher that came up then ends without a word. */
async function probe(factory: SandboxFactory, spec: SandboxSpec): Promise<string | undefined> {
  const sandbox = await factory.start(spec);
  let complaint = '';
  sandbox.stderr.on('data', (chunk) => {
    complaint += String(chunk);
  });
  sandbox.stdout.resume();
  sandbox.answers.resume();
  sandbox.requests.end();
  const timer = setTimeout(() => void sandbox.kill(), 20_000);
  await sandbox.ended;
  clearTimeout(timer);
  return complaint ? takeFirstLine(complaint) : undefined;
}

function takeFirstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
