/** Starts the process of a run and listens to it. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { STOPPED, StackError, type StackOptions, type StackResult } from './contract';
import type { FromWorker, StackOperation, ToWorker } from './engine/messages';

const WORKER = path.join(__dirname, 'engine', 'worker.ts');
/** Lets a process run TypeScript. */
const COMPILED = path.join(__dirname, '..', 'compile', 'register.js');

/** How much of what a crashing process wrote is searched for its cause. */
const LAST_WORDS = 20_000;

/**
 * Does one operation in a process of its own.
 * @throws StackError when anything failed, or the process did not live to the end
 */
export function launch(operation: StackOperation, options: StackOptions): Promise<StackResult> {
  const { onEvent, signal, env, ...rest } = options;
  const absolute = { ...rest, projectDir: path.resolve(rest.projectDir), stateDir: path.resolve(rest.stateDir) };
  const child = start(absolute.projectDir, env ?? process.env);
  // A process that is ending already takes no message: its end tells how it went.
  const tell = (message: ToWorker) => child.connected && child.send(message, () => undefined);
  const cancel = () => tell({ cancel: true });
  signal?.addEventListener('abort', cancel);
  return new Promise<StackResult>((resolve, reject) => {
    let last: Exclude<FromWorker, { event: unknown }> | undefined;
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(-LAST_WORDS);
    });
    child.on('message', (message: FromWorker) => {
      if ('event' in message) onEvent?.(message.event);
      else last = message;
    });
    child.on('error', reject);
    child.on('close', (code, by) => {
      // A terminal sends Ctrl-C to this process and to the other, which may not be ready to end in order.
      if (last === undefined && signal?.aborted && by !== 'SIGKILL') last = { refused: STOPPED };
      if (last === undefined) return reject(crashError(code, by, words, options));
      if ('refused' in last) return reject(new StackError([{ message: last.refused }], undefined));
      const { result, failures } = last.finished;
      return failures.length === 0 ? resolve(result) : reject(new StackError(failures, result));
    });
    tell({ run: { operation, options: absolute } });
    if (signal?.aborted) cancel();
  }).finally(() => signal?.removeEventListener('abort', cancel));
}

function start(projectDir: string, env: Readonly<Record<string, string | undefined>>): ChildProcess {
  return fork(WORKER, [], {
    cwd: projectDir,
    execArgv: ['--require', COMPILED],
    // What an outer `pulumi` has set for its own program must not reach this one.
    env: Object.fromEntries(Object.entries(env).filter(([name]) => !/^PULUMI_(NODEJS_|CONFIG)/.test(name))),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** The line of a crash that names it, of Node.js or of V8; what stands around it is a dump. */
const CAUSE = /^(?:\w*Error(?: \[\w+\])?: .+|FATAL ERROR: .+)$/m;

/** Told with the secrets of the config taken out: the process had no time to do so itself. */
function crashError(code: number | null, by: NodeJS.Signals | null, words: string, options: StackOptions): StackError {
  const secrets = Object.values(options.config ?? {}).flatMap((value) =>
    typeof value === 'string' ? [] : [value.secret],
  );
  const cause = CAUSE.exec(words)?.[0] ?? words.trim().split('\n').at(-1) ?? '';
  const clean = secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), cause);
  const how = by === null ? `ended with code ${code}` : `was killed by ${by}`;
  const message = `The run ${how} before it finished. What it did is in the state; run it again to continue.`;
  return new StackError([{ message: clean === '' ? message : `${message}\n${clean}` }], undefined);
}
