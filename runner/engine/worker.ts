/**
 * The process of one run: takes one request, does it, sends what happened, ends. A process of its own because Pulumi's SDK
 * keeps global state, because edited files are loaded anew, and because a crash of the program is then only its own.
 */
import { mkdirSync } from 'node:fs';
import { messageOf } from '../../ground/errors';
import { explainFileError } from '../../ground/file-error';
import type { StackEvent } from '../contract';
import { WriteError } from '../state/files';
import { type Lock, ORPHAN_GRACE, waitForLock } from '../state/lock';
import { mask } from '../state/properties';
import { Redactor } from '../state/redact';
import { StateFile } from '../state/state-file';
import { fullKey } from './config';
import { destroy } from './deletion';
import { Deployment } from './deployment';
import { ProviderLoader } from './dynamic-provider';
import type { FromWorker, Request, ToWorker } from './messages';
import { Monitor } from './monitor';
import { captureOutput } from './output-lines';
import { describeErrors } from './program-errors';
import { refresh } from './read';
import { Run } from './run';

let running: Run | undefined;
let cancelled = false;

/** Errors that nobody caught: of the program, or of a provider. */
const uncaught = new Set<unknown>();
process.on('unhandledRejection', (error) => uncaught.add(error));
process.on('uncaughtException', (error) => uncaught.add(error));

function cancel(): void {
  if (cancelled) return;
  cancelled = true;
  if (running === undefined) return;
  running.cancelled = true;
  running.log('info', 'the run stops after the current step');
}

process.on('message', (message: ToWorker) => {
  if ('cancel' in message) cancel();
  else
    serve(message.run).catch((error: unknown) =>
      send({ refused: explainFileError(error) ?? messageOf(error) }, () => process.exit(1)),
    );
});
// Whoever started this is gone, or somebody pressed Ctrl-C: end after the step under way, with its result in the state.
process.on('disconnect', () => {
  cancel();
  // A step may never end, for the platform that it talks to may be gone with the parent. The state says what it was.
  setTimeout(() => process.exit(1), ORPHAN_GRACE).unref();
});
process.on('SIGINT', cancel);
process.on('SIGTERM', cancel);

async function serve(request: Request): Promise<void> {
  // The channel to the parent must not keep the event loop busy, or the program would never be seen to end.
  process.channel?.unref();
  const redactor = new Redactor();
  let lock: Lock | undefined;
  const emit = (event: StackEvent) => send({ event });
  const flush = captureOutput((severity, line) => emit({ kind: 'log', severity, text: redactor.redact(line) }));
  let last: FromWorker;
  try {
    mkdirSync(request.options.stateDir, { recursive: true, mode: 0o700 });
    if (request.operation !== 'preview') lock = await waitForLock(request.options.stateDir, request.options.stack);
    const run = open(request, redactor, emit);
    if (lock?.takenOverFrom !== undefined)
      run.log('warning', 'the last run was killed; this one continues from its state.');
    await perform(request, run);
    noteErrors(run);
    const outputs = Object.fromEntries(Object.entries(run.state.outputs).map(([key, value]) => [key, mask(value)]));
    last = { finished: { result: { changes: run.changes, outputs }, failures: run.failures } };
  } catch (error) {
    last = { refused: redactor.redact(explainFileError(error) ?? messageOf(error)) };
  } finally {
    release(lock);
  }
  flush();
  send(last, () => process.exit(0));
}

/** Gives the lock back. On a full disk that fails, which does no harm: a lock ends with its process, and this one ends now. */
function release(lock: Lock | undefined): void {
  try {
    lock?.release();
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
  }
}

function open({ operation, options }: Request, redactor: Redactor, emit: (event: StackEvent) => void): Run {
  const file = StateFile.read(options.stateDir, options.project, options.stack);
  const preview = operation === 'preview';
  const config: Record<string, string> = {};
  for (const [key, value] of Object.entries(options.config ?? {})) {
    if (typeof value !== 'string') redactor.learnClear(value.secret);
    config[fullKey(key, options.project)] = typeof value === 'string' ? value : value.secret;
  }
  running = new Run({
    state: file.state,
    save: preview ? () => undefined : () => file.save(),
    providers: new ProviderLoader(options.projectDir, options.project, config),
    redactor,
    emit,
    preview,
    adoptInput: options.adoptInput,
    replace: options.replace ?? [],
  });
  running.cancelled = cancelled;
  return running;
}

async function perform({ operation, options }: Request, run: Run): Promise<void> {
  if (operation === 'refresh') return refresh(run);
  if (operation === 'destroy') return destroy(run);
  const deployment = new Deployment(run);
  const { project, stack, projectDir, program = 'index.ts', config = {} } = options;
  const monitor = new Monitor(deployment, project, stack);
  // Loaded only when a program is to run: Pulumi's SDK is large.
  const { runProgram } = require('./program') as typeof import('./program');
  const note = (error: unknown) => uncaught.add(error);
  await runProgram(monitor, { project, stack, projectDir, program, config, preview: run.preview }, note);
  noteErrors(run);
  await deployment.finish();
}

/** What goes wrong in a program that is being ended comes of that: Ctrl-C ends its children, too. */
function noteErrors(run: Run): void {
  if (!run.cancelled) for (const problem of describeErrors(uncaught)) run.failProgram(problem);
  uncaught.clear();
}

function send(message: FromWorker, then: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, undefined, undefined, then);
  else then();
}
