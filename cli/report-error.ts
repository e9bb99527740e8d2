/** The one place where an error becomes words, a hint and an exit code. */
import { CommanderError } from 'commander';
import { DiskFullError, isDiskFull } from '../ground/disk-full';
import { hasCode, messageOf } from '../ground/errors';
import { explainFileError } from '../ground/file-error';
import { StackError } from '../runner/contract';
import { EXIT, Failure, UsageFailure } from './failure';
import { escapeControls, type Terminal } from './terminal';

/** Says what is wrong and what to do, without a stack trace, and sets the exit code. */
export function reportError(error: unknown, terminal: Terminal): void {
  if (error instanceof CommanderError) {
    // Commander has said it.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
    return;
  }
  terminal.progress('');
  process.exitCode = error instanceof UsageFailure ? EXIT.usage : EXIT.failed;
  for (const line of `error: ${explainFileError(error) ?? messageOf(error)}`.split('\n'))
    terminal.note(escapeControls(line));
  const hint = hintOf(error);
  if (hint !== undefined) terminal.note(escapeControls(hint));
}

function hintOf(error: unknown): string | undefined {
  if (error instanceof Failure) return error.hint;
  if (error instanceof StackError) return describeContinuation(process.argv[2]);
  if (isDiskFull(error) && !(error instanceof DiskFullError) && explainFileError(error) === undefined)
    return 'The disk is full. Free some space and try again.';
  if (hasCode(error, 'EADDRINUSE')) return 'Try another port: --port 3234; the storage then takes the next one.';
  return undefined;
}

/** How to go on with a stack that is half done, by the command that began. */
function describeContinuation(command: string | undefined): string | undefined {
  if (command === 'start') return 'Run `npm start` to go on.';
  return command === 'up' || command === 'refresh' || command === 'destroy'
    ? `Run \`npm run ${command}\` to go on.`
    : undefined;
}
