/** The program `pdfmagic`: puts its commands together, and runs the one that is called. */
import { Command } from 'commander';
import { version } from '../package.json';
import { declareCompletion } from './commands/completion';
import { declareMore } from './commands/more';
import { declareStack } from './commands/stack-commands';
import { declareUse } from './commands/use';
import { EXIT } from './failure';
import { formatOverview } from './overview';
import { reportError } from './report-error';
import { Terminal } from './terminal';

const terminal = new Terminal();
const program = new Command('pdfmagic')
  .description('PDFMagic converts JPEGs to PDFs, as a service that you deploy.')
  .version(version)
  .showHelpAfterError('(--help lists the options)')
  .exitOverride()
  .configureOutput({ writeErr: (text) => void process.stderr.write(text) })
  .helpOption('-h, --help', 'show this help')
  .helpCommand(false);
// What nobody has caught ends the command in words, too.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    reportError(error, terminal);
    process.exit(EXIT.failed);
  });
}
declareStack(program);
declareUse(program, terminal);
declareMore(program, terminal);

declareCompletion(program)
  // Only of the program: what is set before is inherited by its commands.
  .then(() => program.configureHelp({ formatHelp: formatOverview }).parseAsync())
  .catch((error: unknown) => reportError(error, terminal));
