import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { whyNoDisk } from '../small-disk';
import { demand, type Fault } from './fault';
import { requireSound } from './patient-check';

/** What has to be said. */
const WORDS = /read-only|may not write/i;

export const readOnly: Fault = {
  name: 'read-only',
  made: 'the data folder is made read-only, and so is the folder for the PDFs of `convert`',
  expected: 'platform and command say so and end; when it can be written again, all is there',
  onPatient: true,
  cannot: whyNoDisk,
  run: async ({ patient: open, folder, jpeg }) => {
    const patient = open();
    const { disk, platform } = patient;
    const photo = path.join(folder, 'photo.jpg');
    const pdfs = path.join(platform.folder, 'pdfs');
    writeFileSync(photo, jpeg);
    mkdirSync(pdfs, { recursive: true });
    await platform.end('SIGTERM');
    disk?.makeReadOnly(true);
    let said: string;
    try {
      const start = await patient.command('platform');
      said = start.error.trim().split('\n')[0] ?? '';
      demand(start.code !== 0 && WORDS.test(start.error), `the platform ended with ${start.code}: "${start.error}"`);
      const convert = await patient.command('convert', photo, '-o', pdfs);
      demand(convert.code !== 0, 'convert succeeded in a read-only folder');
    } finally {
      disk?.makeReadOnly(false);
      await platform.start();
    }
    await requireSound(patient, jpeg);
    return `the platform says "${said}"`;
  },
};
