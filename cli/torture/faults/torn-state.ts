import { copyFileSync, readFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { demand, type Fault } from './fault';
import { requireSound } from './patient-check';

export const tornState: Fault = {
  name: 'torn-state',
  made: 'half of the state of a stack is missing, as after a torn write',
  expected: '`up` changes nothing, names the file and says what to do; with a copy, it has nothing to do',
  onPatient: true,
  run: async ({ patient: open, folder, jpeg }) => {
    const patient = open();
    const { state } = patient;
    const copy = path.join(folder, 'state.json');
    copyFileSync(state, copy);
    const half = readFileSync(state).length >> 1;
    truncateSync(state, half);
    let said: string;
    try {
      const { code, error } = await patient.command('up');
      said = error.trim().split('\n')[0] ?? '';
      demand(code !== 0 && error.includes(path.basename(state)), `up ended with ${code}: "${error}"`);
      demand(readFileSync(state).length === half, 'the damaged state was changed');
    } finally {
      copyFileSync(copy, state);
    }
    const { changes } = await patient.apply();
    demand(Object.keys(changes).join() === 'same', `with the copy, up still did ${JSON.stringify(changes)}`);
    await requireSound(patient, jpeg);
    return `"${said.replaceAll(patient.data, 'DATA')}"`;
  },
};
