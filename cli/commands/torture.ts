/** `npm run torture`: kills and faults by chance under load; then everything accepted is accounted for. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import * as runner from '../../runner';
import { openService } from '../client/service';
import { projectPath } from '../project';
import { ProjectCopy } from '../project-copy';
import type { Terminal } from '../terminal';
import { converge, findLeft } from '../torture/afterwards';
import { Deployments } from '../torture/deployments';
import { FAULTS, pickFaults } from '../torture/faults/all-faults';
import { KeptRunning } from '../torture/kept-running';
import { Leftovers } from '../torture/leftovers';
import { Patient } from '../torture/patient';
import { Random } from '../torture/random';
import { writeReliability } from '../torture/reliability';
import { findBreaches, formatReport, type Run } from '../torture/report';
import { torture } from '../torture/torture';
import { User } from '../torture/user';
import { readVersions } from '../torture/versions';
import { deployedStack } from './deployed-stack';
import { OwnPlatform } from './own-platform';
import { detail, step } from './progress';
import { aborted, stopSignal } from './signals';
import { PROGRAM, stackOf } from './stack-of';
import { writeFigures } from './write-figures';

export interface TortureCommandOptions {
  readonly kills?: number;
  readonly minutes?: number;
  readonly seed: number;
  readonly faults: string;
  readonly photos: number;
  readonly broken: number;
  readonly json: string;
  readonly docs?: boolean;
}

const STUDENT = 'torture';
const DEFAULT_KILLS = 100;
/** As a shell has it for SIGINT. */
const EXIT_INTERRUPTED = 130;

/** @throws Error when anything that was accepted is lost, became what it should not, or is left over */
export async function tortureTest(options: TortureCommandOptions, terminal: Terminal): Promise<void> {
  const { kills = DEFAULT_KILLS, minutes, seed } = options;
  const faults = pickFaults(options.faults);
  const versions = readVersions();
  const log = openLog(options.json);
  const { folder } = await OwnPlatform.make('torture');
  const make = (name: string) => makeFolder(path.join(folder, name));
  const env = { TMPDIR: make('tmp') };
  const place = { env: { ...process.env, ...env } };
  const platform = await OwnPlatform.at(folder, { env, log: log.file });
  const { data, port, storagePort } = platform.options;
  const project = new ProjectCopy(path.join(folder, 'project'));
  const stack = { ...stackOf({ data, student: STUDENT, platform: 'openwhisk' }), projectDir: project.folder };
  const ofStack = ['--data', data, '--student', STUDENT, '--port', `${port}`, '--storage-port', `${storagePort}`];
  const leftovers = new Leftovers();
  const signal = stopSignal();
  let patient: Patient | undefined;
  try {
    step('Starting a separate local platform and deploying to it ...');
    await platform.start();
    const service = openService(deployedStack((await runner.up(stack)).outputs, data), false, true);
    if (faults.some(({ onPatient, cannot }) => onPatient && cannot?.() === undefined)) {
      step('Starting a second one, for faults that harm a whole platform ...');
      patient = await Patient.open(make('patient'));
    }
    step(`Kills and faults under load; the log is ${log.name} ...`);
    const began = performance.now();
    const work = torture({
      ...{ service, leftovers, faults, seed, photos: options.photos, broken: options.broken },
      platform: new KeptRunning(platform),
      deployments: new Deployments(project, place, ofStack),
      makeUser: (jpeg) => new User({ ...place, program: PROGRAM }, make('user'), data, jpeg, new Random(seed)),
      scene: { data, patient: () => requirePatient(patient), folderOf: make },
      until: minutes === undefined ? { kills } : { milliseconds: minutes * 60_000 },
      ...{ progress: log.write, signal },
    });
    const interrupted = aborted(signal).then(() => Promise.reject<never>(new Error('interrupted')));
    const report = await Promise.race([work, interrupted]);
    const lasted = (performance.now() - began) / 60_000;
    step('Deploying once more ...');
    const disagreements = await converge(stack);
    step('Ending all ...');
    await patient?.remove();
    patient = undefined;
    await platform.end('SIGTERM');
    const left = findLeft(folder, data, env.TMPDIR, leftovers);
    const run: Run = { ...report, ...versions, minutes: lasted, disagreements, left };
    terminal.out(`\n${formatReport(run)}`);
    writeFigures(options.json, { date: new Date().toISOString(), ...run }, terminal);
    if (options.docs) writeReliability(projectPath('docs/reliability.md'), run, FAULTS);
    requireAll(run);
  } finally {
    await patient?.remove();
    await platform.remove();
    log.close();
    // A fault that is under way would go on without its platform.
    if (signal.aborted) process.exit(EXIT_INTERRUPTED);
  }
}

/** What is done, and what the platform says, go into one file beside the figures. */
function openLog(json: string) {
  const name = json.replace(/(\.json)?$/, '.log');
  mkdirSync(path.dirname(path.resolve(name)), { recursive: true });
  const file = openSync(name, 'w');
  const write = (line: string): void => {
    detail(line);
    writeSync(file, `${line}\n`);
  };
  return { name, file, write, close: () => closeSync(file) };
}

/** Open to the users that a platform of root has for its sandboxes. */
function makeFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  return folder;
}

function requirePatient(patient: Patient | undefined): Patient {
  if (patient === undefined) throw new Error('a fault that harms a whole platform does not say so');
  return patient;
}

function requireAll(run: Run): void {
  const breaches = findBreaches(run);
  if (breaches.length > 0)
    throw new Error(`${breaches.join('\n')}\n--seed ${run.seed} repeats the same kills and faults.`);
}
