/** The command `pdfmagic`: options, and what becomes of errors. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { WAY_NAMES, WAYS, type Way } from '../contract/ways';
import { messageOf } from '../ground/errors';
import { version } from '../package.json';
import { abortable } from './client/abortable';
import { convert } from './convert';
import { EXIT, Failure, UsageFailure } from './failure';
import { logs } from './logs';
import { openPage } from './open';
import { findStack, type StackChoice } from './stack/find';
import type { Stack } from './stack/stack';
import { status } from './status';
import { printable, Terminal } from './terminal';

/** Of every command. */
interface Common extends StackChoice {
  readonly insecure: boolean;
  readonly json: boolean;
}

interface ConvertFlags extends Common {
  readonly output?: string;
  readonly via?: Way;
  readonly parallel: number;
  readonly force: boolean;
  readonly timeout: number;
}

const within =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It is a number from ${least} to ${most}.`);
  };

const terminal = new Terminal();
const interrupted = new AbortController();

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--stack <name>', 'a stack of Pulumi’s, by name')
    .option('--outputs <file>', 'the outputs of a stack as JSON: a file, or - for stdin')
    .option('--data <folder>', 'the stack on this machine, by the data folder of its platform (default: .pdfmagic)')
    .option('--insecure', 'take any certificate of the API host; whoever is in between can read everything', false)
    .option('--json', 'print JSON', false);
}

const program = new Command('pdfmagic')
  .description(
    'Converts JPEGs to PDFs by a deployed stack of PDFMagic: the one named, else that of this machine, else Pulumi’s selected one.',
  )
  .version(version)
  .showHelpAfterError('(--help lists the options)')
  .exitOverride()
  .configureOutput({ writeErr: (text) => void process.stderr.write(text) });

command('convert', 'convert JPEGs, several at a time; exit code 0: all, 1: some failed, 2: none was begun')
  .argument('<file...>', 'JPEGs')
  .option('-o, --output <folder>', 'where the PDFs go (default: each beside its JPEG)')
  .addOption(
    new Option(
      '--via <way>',
      `${WAY_NAMES.map((way) => `${way}: ${WAYS[way].input}`).join(', ')} (default: v1, and v2 for large ones)`,
    ).choices(WAY_NAMES),
  )
  .option('--parallel <number>', 'files at a time', within(1, 64), 4)
  .option('--force', 'replace PDFs that are there', false)
  .option('--timeout <seconds>', 'for one file', within(1, 3600), 120)
  .action(async (files: string[], flags: ConvertFlags) => {
    const { output, via, parallel, force, json, insecure } = flags;
    const options = { output, via, parallel, force, json, insecure, timeout: flags.timeout * 1000 };
    // Who reads only the first line has all files converted nevertheless.
    terminal.onLost = () => undefined;
    const code = await convert(files, () => stackFor(flags), options, terminal, interrupted.signal);
    // That of a signal, or of a stdout which was lost, stays.
    process.exitCode ||= code;
  });
command('status', 'what became of the files in the in bucket: converted, refused, dead letters, waiting').action(
  async (flags: Common) => abortable(status(await stackFor(flags), flags, terminal), interrupted.signal),
);
command('logs', 'the latest activations with their logs')
  .option('-f, --follow', 'go on with those that come, until Ctrl-C', false)
  .option('--limit <number>', 'the latest so many', within(1, 200), 10)
  .action(async (flags: Common & { follow: boolean; limit: number }) =>
    abortable(logs(await stackFor(flags), flags, terminal, interrupted.signal), interrupted.signal),
  );
command('open', 'open the page for people in the browser')
  .option('--print', 'print its address alone', false)
  .action(async (flags: Common & { print: boolean }) => openPage(await stackFor(flags), flags, terminal));

function stackFor({ stack, outputs, data }: StackChoice): Promise<Stack> {
  const choice = Object.fromEntries(
    Object.entries({ stack, outputs, data }).filter(([, value]) => value !== undefined),
  );
  return abortable(findStack(choice), interrupted.signal);
}

function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
    return;
  }
  terminal.progress('');
  if (interrupted.signal.aborted) return;
  process.exitCode = error instanceof UsageFailure ? EXIT.usage : EXIT.failed;
  const words = `error: ${messageOf(error)}`;
  for (const line of words.split('\n')) terminal.note(printable(line));
  if (error instanceof Failure && error.hint !== undefined) terminal.note(printable(error.hint));
}

for (const [name, code] of Object.entries(EXIT.signals)) {
  process.once(name, () => {
    process.exitCode = code;
    interrupted.abort(new Error('interrupted'));
  });
}

program
  .parseAsync()
  .catch(fail)
  // What a client still waits for is of no use any more.
  .finally(() => process.stdout.write('', () => process.exit()));
