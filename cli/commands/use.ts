/** The commands that use a deployed stack, wherever it is: `convert`, `open`, `status`, `logs`. */
import { type Command, Option } from 'commander';
import type { ON_ERROR } from '../../contract/options';
import { WAY_NAMES, WAYS, type Way } from '../../contract/ways';
import { abortable } from '../client/abortable';
import { addAlbum, addConversion, type ConversionFlags, readConversion } from '../convert/flags';
import { EXIT, UsageFailure } from '../failure';
import { addExample, addStackChoice, parseWholeNumber } from '../options';
import { GROUPS } from '../overview';
import { reportError } from '../report-error';
import type { StackChoice } from '../stack/find';
import type { Stack } from '../stack/stack';
import type { Terminal } from '../terminal';

/** Options of each of them. */
interface Flags extends StackChoice {
  readonly insecure: boolean;
  readonly json: boolean;
}

interface ConvertFlags extends Flags, ConversionFlags {
  readonly into?: string;
  readonly onError?: (typeof ON_ERROR)[number];
  readonly output?: string;
  readonly via?: Way;
  readonly parallel: number;
  readonly recursive?: boolean;
  readonly force?: boolean;
  readonly skipExisting?: boolean;
  readonly quiet?: boolean;
  readonly timeout: number;
}

interface LogsFlags extends Flags {
  readonly follow?: boolean;
  readonly action?: string;
  readonly failed?: boolean;
  readonly limit: number;
}

/** Declares them. */
export function declareUse(program: Command, terminal: Terminal): void {
  const interrupted = new AbortController();
  const until = <T>(work: Promise<T>): Promise<T> => abortable(work, interrupted.signal);

  const find = async ({ stack, outputs, data }: StackChoice): Promise<Stack> => {
    const { findStack } = await import('../stack/find.js');
    const choice = Object.entries({ stack, outputs, data }).filter(([, value]) => value !== undefined);
    return until(findStack(Object.fromEntries(choice)));
  };

  /** Runs a command until it is done or a signal comes; a client that still waits then is not waited for. */
  const run = async (work: () => Promise<void>): Promise<void> => {
    listenForSignals(interrupted);
    try {
      await work();
    } catch (error) {
      if (!interrupted.signal.aborted) reportError(error, terminal);
      else terminal.progress('');
    }
    process.stdout.write('', () => process.exit());
  };

  /** Declares a command that reads: when nobody reads its output any more, it ends. */
  const declareReading = <F extends Flags>(command: Command, work: (flags: F) => Promise<void>): void => {
    addStackChoice(command).action((given: F) => {
      terminal.onLost = () => process.exit(process.exitCode ?? 0);
      return run(() => work({ ...given, insecure: given.insecure ?? false, json: given.json ?? false }));
    });
  };

  const command = (name: string, summary: string): Command =>
    program.command(name).summary(summary).description(makeSentence(summary)).helpGroup(GROUPS.use);

  const convert = command('convert', 'convert JPEGs to PDFs, several at a time')
    .description(
      'Converts JPEGs to PDFs, several at a time. It exits 0 if all succeeded, 1 if some failed, 2 if nothing started.',
    )
    .argument('<file...>', 'JPEGs; with -r also folders; - reads stdin')
    .option('-o, --output <folder>', 'where the PDFs go; - is stdout (default: beside each JPEG)')
    .option('-r, --recursive', 'convert the .jpg and .jpeg files in folders and the folders below')
    .addOption(
      new Option(
        '--via <way>',
        `${WAY_NAMES.map((way) => `${way}: ${WAYS[way].input}`).join(', ')} (default: v1; v2 if large)`,
      ).choices(WAY_NAMES),
    )
    .option('--parallel <number>', 'files at a time', parseWholeNumber(1, 64), 4)
    .addOption(new Option('--force', 'replace existing PDFs').conflicts('skipExisting'))
    .option('--skip-existing', 'keep existing PDFs, and convert the rest')
    .option('-q, --quiet', 'print failures only')
    .option('--timeout <seconds>', 'limit for one file', parseWholeNumber(1, 3600), 120);
  addAlbum(addConversion(convert.optionsGroup('What the PDFs are like:')));
  const examples = [
    'pdfmagic convert photos/*.jpg -o pdfs',
    'pdfmagic convert photos/*.jpg --into album.pdf --page a4 --margin 10',
    'pdfmagic convert -r photos -o pdfs --skip-existing',
    'pdfmagic convert - < photo.jpg > photo.pdf',
  ];
  addExample(addStackChoice(convert), ...examples).action((files: string[], flags: ConvertFlags) =>
    run(async () => {
      const { output, via, parallel, recursive = false, json = false, insecure = false } = flags;
      const { force = false, skipExisting = false, quiet = false } = flags;
      if (flags.into === undefined && flags.onError !== undefined)
        throw new UsageFailure('--on-error works only with --into.', 'Name the PDF: --into album.pdf.');
      if (flags.into !== undefined && via !== undefined && via !== 'v2')
        throw new UsageFailure(`${via} cannot make one PDF of several photographs.`, 'Leave out --via, or use v2.');
      const asked = readConversion(flags);
      const album = { into: flags.into, onError: flags.onError ?? 'refuse' };
      const what = { output, ...album, via, recursive, force, skipExisting, asked };
      const options = { ...what, parallel, quiet, json, insecure, timeout: flags.timeout * 1000 };
      if (files.includes('-') && flags.outputs === '-')
        throw new UsageFailure('stdin cannot be both a JPEG and the outputs.', 'Save the outputs: --outputs FILE.');
      const convert = await import('../convert/convert-all.js');
      const code = await convert.convert(files, () => find(flags), options, terminal, interrupted.signal);
      // That of a signal, or of a stdout which was lost, stays.
      process.exitCode ||= code;
    }),
  );

  const open = command('open', 'open the web page in the browser').option('--print', 'only print its address');
  declareReading<Flags & { print?: boolean }>(addExample(open, 'pdfmagic open --print'), async (flags) => {
    const { openPage } = await import('../open/open-page.js');
    await openPage(await find(flags), { ...flags, print: flags.print ?? false }, terminal);
  });

  const status = command('status', 'show what became of the files in the input bucket').description(
    'Shows what became of the files in the input bucket: converted, refused, dead letters, waiting.',
  );
  declareReading(addExample(status, 'pdfmagic status --stack ada --json'), async (flags) => {
    const { showStatus } = await import('../status/show-status.js');
    await until(showStatus(await find(flags), flags, terminal));
  });

  const logs = command('logs', 'show the latest activations and their logs')
    .option('-f, --follow', 'keep printing new ones until Ctrl-C')
    .option('--action <name>', 'only those of this action or trigger, such as v1')
    .option('--failed', 'only those that failed or answered with an error')
    .option('--limit <number>', 'how many to show', parseWholeNumber(1, 200), 10);
  addExample(logs, 'pdfmagic logs --follow', 'pdfmagic logs --action v2 --failed');
  declareReading<LogsFlags>(logs, async (flags) => {
    const { showLogs } = await import('../logs/show-logs.js');
    const options = { ...flags, follow: flags.follow ?? false, failed: flags.failed ?? false };
    await until(showLogs(await find(flags), options, terminal, interrupted.signal));
  });
}

/** A summary as a sentence. */
function makeSentence(summary: string): string {
  const [verb = '', ...rest] = summary.split(' ');
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)}s ${rest.join(' ')}.`;
}

function listenForSignals(interrupted: AbortController): void {
  for (const [name, code] of Object.entries(EXIT.signals)) {
    process.once(name, () => {
      process.exitCode = code;
      interrupted.abort(new Error('interrupted'));
    });
  }
}
