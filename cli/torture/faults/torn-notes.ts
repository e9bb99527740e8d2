import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { demand, type Fault } from './fault';
import { requireSound } from './patient-check';

/** What a platform writes at each start, and can write again. */
const NOTES = ['platform.json', 'ports.json', '.wskprops'] as const;

export const tornNotes: Fault = {
  name: 'torn-notes',
  made: `a platform is killed, and ${NOTES.join(', ')} are empty when it starts again; then its key is`,
  expected: 'it starts and writes them again; with an empty key it says so and makes no new one',
  onPatient: true,
  run: async ({ patient: open, jpeg }) => {
    const patient = open();
    const { platform, data } = patient;
    await platform.end('SIGKILL');
    for (const name of NOTES) writeFileSync(path.join(data, name), '');
    await platform.start();
    await requireSound(patient, jpeg);
    await platform.end('SIGKILL');
    const file = path.join(data, 'key');
    const key = readFileSync(file);
    writeFileSync(file, '');
    let said: string;
    try {
      const { code, error } = await patient.command('platform');
      said = error.trim().split('\n')[0] ?? '';
      demand(code !== 0 && said.includes('key'), `with an empty key the platform ended with ${code}: "${error}"`);
      demand(readFileSync(file).length === 0, 'the key was replaced');
    } finally {
      writeFileSync(file, key);
      await platform.start();
    }
    await requireSound(patient, jpeg);
    return `started with empty notes; with an empty key: "${said.replaceAll(data, 'DATA')}"`;
  },
};
