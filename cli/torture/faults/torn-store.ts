import { copyFileSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { demand, type Fault } from './fault';
import { requireSound } from './patient-check';

export const tornStore: Fault = {
  name: 'torn-store',
  made: 'a platform is killed (`kill -9`), and half of its store `data.mdb` is missing when it starts again',
  expected:
    'it does not start, says what is damaged and what to do, and leaves the file as it is; with a copy, all is there',
  onPatient: true,
  run: async ({ patient: open, folder, jpeg }) => {
    const patient = open();
    const file = path.join(patient.data, 'store', 'data.mdb');
    const copy = path.join(folder, 'data.mdb');
    await patient.platform.end('SIGKILL');
    copyFileSync(file, copy);
    const half = statSync(file).size >> 1;
    truncateSync(file, half);
    let said: string;
    try {
      const { code, error } = await patient.command('platform');
      said = error.trim().split('\n')[0] ?? '';
      demand(code !== 0 && /damaged: .*Restore it/.test(error), `the platform ended with ${code}: "${error}"`);
      demand(statSync(file).size === half, 'the damaged file was changed');
    } finally {
      copyFileSync(copy, file);
      await patient.platform.start();
    }
    await requireSound(patient, jpeg);
    return `"${said.replaceAll(patient.data, 'DATA')}"`;
  },
};
