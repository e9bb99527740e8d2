/** The command `pdfmagic`: options, and what becomes of errors. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '../package.json';
import { convert, WAYS, type Way } from './convert';
import { EXIT, Failure, UsageFailure } from './failure';
import { logs } from './logs';
import { openPage } from './open';
import { findStack, type StackChoice } from './stack/find';
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
      'v0: parameter, v1: request, v2: bucket, v3: event (default: v1, and v2 for large ones)',
    ).choices(WAYS),
  )
  .option('--parallel <number>', 'files at a time', within(1, 64), 4)
  .option('--force', 'replace PDFs that are there', false)
  .option('--timeout <seconds>', 'for one file', within(1, 3600), 120)
  .action(async (files: string[], flags: ConvertFlags) => {
    const { output, via, parallel, force, json, insecure } = flags;
    const options = { output, via, parallel, force, json, insecure, timeout: flags.timeout * 1000 };
    process.exitCode = await convert(files, () => findStack(choiceOf(flags)), options, terminal, interrupted.signal);
  });
command('status', 'what became of the files in the in bucket: converted, refused, dead letters, waiting').action(
  async (flags: Common) => status(await findStack(choiceOf(flags)), flags, terminal),
);
command('logs', 'the latest activations with their logs')
  .option('-f, --follow', 'go on with those that come, until Ctrl-C', false)
  .option('--limit <number>', 'the latest so many', within(1, 200), 10)
  .action(async (flags: Common & { follow: boolean; limit: number }) =>
    logs(await findStack(choiceOf(flags)), flags, terminal, interrupted.signal),
  );
command('open', 'open the page for people in the browser')
  .option('--print', 'print its address alone', false)
  .action(async (flags: Common & { print: boolean }) => openPage(await findStack(choiceOf(flags)), flags, terminal));

function choiceOf({ stack, outputs, data }: StackChoice): StackChoice {
  return { ...(stack && { stack }), ...(outputs && { outputs }), ...(data && { data }) };
}

function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
    return;
  }
  process.exitCode = error instanceof UsageFailure ? EXIT.usage : EXIT.failed;
  terminal.progress('');
  terminal.note(`error: ${printable(error instanceof Error ? error.message : String(error))}`);
  if (error instanceof Failure && error.hint !== undefined) terminal.note(printable(error.hint));
}

// A reader that has seen enough (`| head`) ends it.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
}
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    process.exitCode = EXIT.interrupted;
    interrupted.abort(new Error('interrupted'));
  });
}

program
  .parseAsync()
  .catch(fail)
  // What a client still waits for is of no use any more.
  .finally(() => process.stdout.write('', () => process.exit()));
