/** One run: kills by chance under load, then the account of all that was accepted. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenWhiskApi } from '../client/openwhisk';
import type { Service } from '../client/service';
import { type Account, accountFor, findOutcomes } from '../stress/account';
import { makeFiles } from '../stress/files';
import { Load } from './load';
import { Random } from './random';
import { emulatorOf, sandboxesOf } from './victims';

/** What can be killed. */
export type Victim = 'platform' | 'emulator' | 'sandbox' | 'runner';

/** The platform under torture. */
export interface Subject {
  /** Undefined while none runs. */
  readonly pid: number | undefined;
  start(): Promise<void>;
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface TortureOptions {
  readonly service: Service;
  readonly openwhisk: OpenWhiskApi;
  readonly platform: Subject;
  /** Has the runner begin to mend the stack. @returns what kills it, and resolves when it is gone */
  readonly beginRepair: () => Promise<{ kill(): Promise<void> }>;
  readonly kills: number;
  readonly seed: number;
  readonly photos: number;
  readonly broken: number;
  readonly progress: (line: string) => void;
}

export interface TortureReport extends Account {
  readonly seed: number;
  readonly kills: Readonly<Record<Victim, number>>;
  readonly uploads: number;
  readonly files: number;
  /** Invocations and fired triggers that were answered 202, and how many of them have no record. */
  readonly accepted: number;
  readonly missing: readonly string[];
  /** PDFs that v1 answered, and requests that failed while something was down. */
  readonly answered: number;
  readonly failed: number;
  /** From the last start to the last outcome. */
  readonly settledSeconds: number;
}

/** The share of each, after the run that found files lost. */
const SHARES: Readonly<Record<Victim, number>> = { platform: 20, emulator: 14, sandbox: 8, runner: 3 };
/** Milliseconds between two kills, and until the rest counts as lost: after the last start. */
const PAUSE = [100, 2500] as const;
const PATIENCE = 60_000;
/** Milliseconds that the runner gets, of the some eight that it needs for both of its commands. */
const REPAIR = [0, 10_000] as const;

/** @returns the account; nothing is thrown for what is lost */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const { service, openwhisk, platform, beginRepair, seed, photos, broken, progress } = options;
  progress(`seed ${seed}: making ${photos} photos and ${broken} broken files`);
  const random = new Random(seed);
  const load = new Load(service, openwhisk, makeFiles(`torture-${seed}`, photos, broken), new Random(seed + 1));
  const running = load.run();
  const failed = running.then(() => new Promise<never>(() => undefined));
  failed.catch(() => undefined);

  const kills = { platform: 0, emulator: 0, sandbox: 0, runner: 0 };
  for (let done = 0; done < options.kills; done += 1) {
    await Promise.race([sleep(random.between(...PAUSE)), failed]);
    const victim = random.weighted(SHARES);
    kills[victim] += 1;
    progress(
      `kill ${done + 1} of ${options.kills}: ${victim}; ${load.uploads.size} files, ${load.accepted.length} accepted`,
    );
    if (victim === 'platform') {
      await platform.end('SIGKILL');
      await platform.start();
    } else if (victim === 'runner') {
      const runner = await beginRepair();
      await sleep(random.between(...REPAIR));
      await runner.kill();
    } else {
      const found = platform.pid === undefined ? [] : victimsOf(victim, platform.pid);
      const pid = random.pick(found);
      if (pid !== undefined) end(pid);
    }
  }
  load.stop();
  await running;
  // What is counted is what a start of its own finds, as after any outage.
  await platform.end('SIGKILL');
  await platform.start();
  const started = performance.now();
  const settledSeconds = await settle(options, load, started);
  const account = await accountFor(service, `torture-${seed}`, load.uploaded, load.uploads);
  return {
    ...account,
    wrong: [...account.wrong, ...load.wrong],
    ...{ seed, kills, answered: load.answered, failed: load.failed, settledSeconds },
    uploads: [...load.uploads.values()].reduce((sum, { tries }) => sum + tries, 0),
    files: load.uploaded.length,
    accepted: load.accepted.length,
    missing: await findUnrecorded(openwhisk, load.accepted),
  };
}

function victimsOf(victim: 'emulator' | 'sandbox', platform: number): number[] {
  if (victim === 'sandbox') return sandboxesOf(platform);
  const emulator = emulatorOf(platform);
  return emulator === undefined ? [] : [emulator];
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** Waits until all is accounted for. @returns seconds since the start */
async function settle(
  { service, openwhisk, seed, progress }: TortureOptions,
  load: Load,
  started: number,
): Promise<number> {
  let last = 0;
  let open = Number.POSITIVE_INFINITY;
  while (open > 0 && performance.now() - started < PATIENCE) {
    await sleep(500);
    const { pdfs, records } = await findOutcomes(service, `torture-${seed}`, load.uploads);
    const missing = await findUnrecorded(openwhisk, load.accepted);
    const now = load.uploaded.filter(({ name }) => !pdfs.has(name) && !records.has(name)).length + missing.length;
    if (now !== open) last = (performance.now() - started) / 1000;
    open = now;
  }
  progress(`${open} open ${last.toFixed(1)} s after the last start`);
  return last;
}

const recorded = new WeakMap<readonly string[], Set<string>>();

/** Of these activation ids those that OpenWhisk has no record of. */
async function findUnrecorded(openwhisk: OpenWhiskApi, ids: readonly string[]): Promise<string[]> {
  const found = recorded.get(ids) ?? new Set<string>();
  recorded.set(ids, found);
  for (const id of ids) if (!found.has(id) && (await openwhisk.get(`activations/${id}`)).status === 200) found.add(id);
  return ids.filter((id) => !found.has(id));
}
