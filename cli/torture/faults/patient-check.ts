/** What a patient has to be able to do again when a fault is over. */
import { randomUUID } from 'node:crypto';
import { PACKAGE, pdfName } from '../../../contract/names';
import { postJpeg } from '../../client/by-request';
import type { Patient } from '../patient';
import { demand, waitFor } from './fault';
import { accept, awaitRecord } from './run-action';

/** Converts by v1, by v0 and by an event, and refreshes and applies the stack. @throws Error naming what does not work */
export async function requireSound(patient: Patient, jpeg: Buffer): Promise<void> {
  const { service, openwhisk } = patient;
  const answer = await postJpeg(service, jpeg);
  demand(answer.status === 200, `afterwards v1 answers ${answer.status}: ${answer.body.toString().slice(0, 200)}`);
  const id = await accept(openwhisk, `${PACKAGE}/v0`, { image: jpeg.toString('base64') });
  const record = await awaitRecord(openwhisk, id);
  demand(record.response.success === true, `afterwards v0 ends with ${JSON.stringify(record.response).slice(0, 200)}`);
  const name = `torture/${randomUUID()}.jpg`;
  await service.inBucket.upload(jpeg, name);
  await waitFor('the PDF of a new file afterwards', () => service.outBucket.find(pdfName(name)));
  const { code, error } = await patient.command('up');
  demand(code === 0, `afterwards up fails: ${error.slice(-300)}`);
}
