/** One run: kills and faults by chance under load, then the account of all that was accepted. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenWhiskApi } from '../client/openwhisk';
import type { Service } from '../client/service';
import { type Account, accountFor } from '../stress/account';
import { makeFiles } from '../stress/files';
import { Records, settle } from './account';
import type { Deployments } from './deployments';
import type { Fault, Scene } from './faults/fault';
import type { Leftovers } from './leftovers';
import { COUNTED, Load, pickSmall } from './load';
import { Neighbour } from './neighbour';
import { describeStep, type Kill, makeSchedule, VICTIMS, type Victim } from './schedule';
import { type Trial, tryFault } from './trial';
import type { User } from './user';
import { emulatorOf, sandboxesOf } from './victims';

/** The platform under torture. */
export interface Subject {
  /** Undefined while none runs. */
  readonly pid: number | undefined;
  start(): Promise<void>;
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface TortureOptions {
  readonly service: Service;
  readonly platform: Subject;
  readonly deployments: Deployments;
  /** Makes the user who runs commands. @param jpeg what is converted */
  readonly makeUser: (jpeg: Buffer) => User;
  readonly leftovers: Leftovers;
  readonly faults: readonly Fault[];
  /** Of one fault, without what is the same in each run. */
  readonly scene: Pick<Scene, 'data' | 'patient'> & { readonly folderOf: (fault: string) => string };
  /** What ends the run: so many kills, or so many milliseconds under load. */
  readonly until: { readonly kills: number } | { readonly milliseconds: number };
  readonly seed: number;
  readonly photos: number;
  readonly broken: number;
  readonly progress: (line: string) => void;
  /** Ends the run before its next step. */
  readonly signal: AbortSignal;
}

export interface TortureReport extends Account {
  readonly seed: number;
  readonly kills: Readonly<Record<Victim, number>>;
  /** Steps that found no such process: a command that had just ended. */
  readonly missed: number;
  readonly trials: readonly Trial[];
  readonly uploads: number;
  readonly files: number;
  /** Invocations and fired triggers that were answered 202, and how many of them have no record, or two. */
  readonly accepted: number;
  readonly missing: readonly string[];
  readonly doubled: readonly string[];
  /** PDFs that v1 answered, and requests that failed while something was down. */
  readonly answered: number;
  readonly failed: number;
  readonly deployments: { readonly begun: number; readonly succeeded: number };
  readonly commands: { readonly succeeded: number; readonly failed: number };
  /** From the last start to the last outcome. */
  readonly settledSeconds: number;
}

/** @returns the account; nothing is thrown for what is lost. @throws Error when the platform does not start again */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const { service, platform, deployments, seed, photos, broken, progress } = options;
  const { openwhisk } = service;
  if (openwhisk === undefined) throw new Error('a stack on another platform was deployed');
  progress(`seed ${seed}: making ${photos} photos and ${broken} broken files`);
  const prefix = `torture-${seed}`;
  const files = makeFiles(prefix, photos, broken);
  const load = new Load(service, openwhisk, files, seed + 1);
  const user = options.makeUser(pickSmall(files));
  await load.prepare();
  const running = Promise.all([load.run(), user.run(), deployments.run()]);
  const failed = running.then(() => new Promise<never>(() => undefined));
  failed.catch(() => undefined);

  const { kills, missed, trials } = await Promise.race([
    runSteps(options, openwhisk, load, user, pickSmall(files)),
    failed,
  ]);
  for (const worker of [load, user, deployments]) worker.stop();
  await running;
  // What is counted is what a start of its own finds, as after any outage.
  remember(options);
  await platform.end('SIGKILL');
  await platform.start();
  const records = new Records(openwhisk);
  const settledSeconds = await settle(service, records, prefix, load);
  const account = await accountFor(service, prefix, load.uploaded, load.uploads);
  const { twice, byAction } = await records.count();
  // Each request may have made one, also if its answer was lost; but never two.
  const surplus = Math.max(0, (byAction.get(COUNTED) ?? 0) - load.counted);
  return {
    ...account,
    wrong: [...account.wrong, ...load.wrong, ...user.wrong, ...user.findTorn()],
    ...{ seed, kills, missed, trials, answered: load.answered, failed: load.failed, settledSeconds },
    uploads: [...load.uploads.values()].reduce((sum, { tries }) => sum + tries, 0),
    files: load.uploaded.length,
    accepted: load.accepted.length,
    missing: await records.findMissing(load.accepted),
    doubled: [...twice, ...Array.from({ length: surplus }, () => `a record of ${COUNTED} without a request`)],
    deployments: { begun: deployments.begun, succeeded: deployments.succeeded },
    commands: { succeeded: user.succeeded, failed: user.failed },
  };
}

function remember({ platform, leftovers }: TortureOptions): void {
  if (platform.pid !== undefined) leftovers.remember(platform.pid);
}

/** Follows the schedule. */
async function runSteps(options: TortureOptions, openwhisk: OpenWhiskApi, load: Load, user: User, jpeg: Buffer) {
  const { service, platform, seed, faults, until, scene, progress } = options;
  const kills = Object.fromEntries(VICTIMS.map((victim) => [victim, 0])) as Record<Victim, number>;
  const trials: Trial[] = [];
  const neighbour = new Neighbour(service, jpeg);
  const began = performance.now();
  let done = 0;
  let missed = 0;
  const isOver = () =>
    'kills' in until
      ? done >= until.kills && trials.length >= faults.length
      : performance.now() - began > until.milliseconds;
  for (const step of makeSchedule(
    seed,
    faults.map(({ name }) => name),
  )) {
    if (isOver()) break;
    options.signal.throwIfAborted();
    // Enough were killed, but not all faults have come.
    if (step.kind === 'kill' && 'kills' in until && done >= until.kills) continue;
    progress(`${((performance.now() - began) / 1000).toFixed(1)} s: ${describeStep(step)}`);
    if (step.kind === 'kill') {
      done += 1;
      await sleep(step.pause);
      remember(options);
      if (await kill(step, options, user)) kills[step.victim] += 1;
      else missed += 1;
      continue;
    }
    const fault = faults.find(({ name }) => name === step.name);
    if (fault === undefined) continue;
    const pid = () => platform.pid ?? 0;
    const of = { service, openwhisk, pid, jpeg, data: scene.data, patient: scene.patient };
    const trial = await tryFault(fault, { ...of, folder: scene.folderOf(fault.name) }, neighbour);
    trials.push(trial);
    progress(`  ${trial.came} after ${trial.seconds} s: ${trial.seen}; the neighbour converted ${trial.conversions}`);
  }
  progress(`${load.uploads.size} files, ${load.accepted.length} invocations and triggers accepted`);
  return { kills, missed, trials };
}

/** @returns whether there was such a process */
async function kill({ victim, which, life }: Kill, options: TortureOptions, user: User): Promise<boolean> {
  const { platform, deployments } = options;
  if (victim === 'platform') {
    await platform.end('SIGKILL');
    await platform.start();
    return true;
  }
  if (victim === 'runner') return deployments.kill('runner', life);
  // A third of them are commands that deploy.
  if (victim === 'pdfmagic') return which < 1 / 3 ? deployments.kill('pdfmagic', life) : user.kill(life);
  if (platform.pid === undefined) return false;
  const emulator = victim === 'emulator' ? emulatorOf(platform.pid) : undefined;
  const found = victim === 'sandbox' ? sandboxesOf(platform.pid) : emulator === undefined ? [] : [emulator];
  const pid = found[Math.floor(which * found.length)];
  try {
    return pid !== undefined && process.kill(pid, 'SIGKILL');
  } catch {
    return false; // It has just ended by itself.
  }
}
