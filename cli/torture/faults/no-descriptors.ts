import { setTimeout as sleep } from 'node:timers/promises';
import { PACKAGE } from '../../../contract/names';
import { postJpeg } from '../../client/by-request';
import { emulatorOf } from '../victims';
import { demand, type Fault } from './fault';
import { requireSound } from './patient-check';
import { accept, awaitRecord, putPython } from './run-action';

/** Files that may be opened beyond those that are open; requests; soft limit afterwards. */
const MORE = 2;
const REQUESTS = 20;
const ORDINARY = 1024;

export const noDescriptors: Fault = {
  name: 'no-descriptors',
  made: `a platform may open ${MORE} files more than it has open (RLIMIT_NOFILE), gets ${2 * REQUESTS} requests and new actions, and loses its storage emulator`,
  expected: 'it lives, answers or refuses; what was accepted has its record; with descriptors, all goes on',
  onPatient: true,
  cannot: () => (process.platform === 'linux' ? undefined : 'only Linux has prlimit'),
  run: async ({ patient: open, jpeg }) => {
    const patient = open();
    const { service, openwhisk, pid } = patient;
    const image = { image: jpeg.toString('base64') };
    const accepted: string[] = [];
    let answered = 0;
    let refused = 0;
    const count = <T>(work: Promise<T>, take: (value: T) => void) =>
      work.then(take, () => {
        refused += 1;
      });
    patient.limitDescriptors(patient.countDescriptors() + MORE);
    try {
      const emulator = emulatorOf(pid);
      if (emulator !== undefined) process.kill(emulator, 'SIGKILL');
      await Promise.all(
        Array.from({ length: REQUESTS }, async (_, n) => {
          // A new action needs a new sandbox, which needs pipes.
          const fresh = `torture-fresh-${n}`;
          const make = putPython(openwhisk, fresh, 'def main(args):\n    return {}\n', { timeout: 10_000 });
          await count(make, () => undefined);
          await count(accept(openwhisk, n % 2 ? fresh : `${PACKAGE}/v0`, image), (id) => void accepted.push(id));
          await count(postJpeg(service, jpeg, AbortSignal.timeout(20_000)), ({ status }) => {
            if (status === 200) answered += 1;
            else refused += 1;
          });
        }),
      );
      await sleep(1000);
    } finally {
      patient.limitDescriptors(ORDINARY);
    }
    demand(patient.pid === pid, 'the platform ended');
    for (const id of accepted) await awaitRecord(openwhisk, id);
    await requireSound(patient, jpeg);
    return `the platform lived; ${answered} PDFs and ${accepted.length} accepted, each with its record; ${refused} refused`;
  },
};
