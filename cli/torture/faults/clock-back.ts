import { PACKAGE } from '../../../contract/names';
import { emulatorOf } from '../victims';
import { demand, type Fault } from './fault';
import { requireSound } from './patient-check';
import { accept, awaitRecord } from './run-action';

const HOURS = [-2, 26, 0] as const;
const INVOCATIONS = 6;

export const clockBack: Fault = {
  name: 'clock-back',
  made: 'the clock of a platform is set back by two hours, then forward by a day, then right again, under work; its storage is killed each time',
  expected: 'invocations have their records with durations of this world, events are delivered, the storage comes back',
  onPatient: true,
  run: async ({ patient: open, jpeg }) => {
    const patient = open();
    const { openwhisk } = patient;
    const image = { image: jpeg.toString('base64') };
    let longest = 0;
    try {
      for (const hours of HOURS) {
        const before = await Promise.all(
          Array.from({ length: INVOCATIONS }, () => accept(openwhisk, `${PACKAGE}/v0`, image)),
        );
        patient.setClock(hours * 3_600_000);
        const emulator = emulatorOf(patient.pid);
        if (emulator !== undefined) process.kill(emulator, 'SIGKILL');
        const after = await Promise.all(
          Array.from({ length: INVOCATIONS }, () => accept(openwhisk, `${PACKAGE}/v0`, image)),
        );
        for (const id of [...before, ...after]) {
          const { duration = 0, start, end = start } = await awaitRecord(openwhisk, id);
          longest = Math.max(longest, duration);
          demand(duration >= 0 && end >= start && duration < 30_000, `an activation took ${duration} ms`);
        }
        await requireSound(patient, jpeg);
      }
    } finally {
      patient.setClock(0);
    }
    return `${2 * INVOCATIONS * HOURS.length} records, durations from 0 to ${longest} ms; an event and an \`up\` after each change`;
  },
};
