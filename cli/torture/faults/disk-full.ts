import { PACKAGE } from '../../../contract/names';
import { messageOf } from '../../../ground/errors';
import { postJpeg } from '../../client/by-request';
import { readRefusal } from '../../client/openwhisk';
import { whyNoDisk } from '../small-disk';
import { demand, type Fault } from './fault';
import { requireSound } from './patient-check';
import { accept, awaitRecord } from './run-action';

/** Requests of each kind while there is no room. */
const REQUESTS = 12;
/** What a refusal has to be about. */
const ROOM = /space|room|disk/i;

export const diskFull: Fault = {
  name: 'disk-full',
  made: 'the disk of a platform is filled while it converts, takes invocations, files and an `up`',
  expected:
    'each request succeeds or is refused in words that name the disk; what was accepted is kept; with room, all goes on',
  onPatient: true,
  cannot: whyNoDisk,
  run: async ({ patient: open, jpeg }) => {
    const patient = open();
    const { service, openwhisk } = patient;
    const image = { image: jpeg.toString('base64') };
    const accepted: string[] = [];
    const refused: string[] = [];
    const attempt = async (work: () => Promise<string | undefined>): Promise<void> => {
      try {
        const id = await work();
        if (id !== undefined) accepted.push(id);
      } catch (error) {
        refused.push(messageOf(error));
      }
    };
    patient.disk?.fill();
    let said = '';
    try {
      for (let n = 0; n < REQUESTS; n += 1) {
        await attempt(() => accept(openwhisk, `${PACKAGE}/v0`, image));
        await attempt(async () => {
          const answer = await postJpeg(service, jpeg);
          if (answer.status !== 200) throw readRefusal(answer);
          return undefined;
        });
        await attempt(async () => {
          await service.inBucket.upload(jpeg, `torture/full-${n}.jpg`, {
            replace: true,
            signal: AbortSignal.timeout(30_000),
          });
          return undefined;
        });
      }
      const { code, error } = await patient.command('up', '--replace', 'new-file-print');
      demand(code !== 0, 'up succeeded on a full disk');
      said = error.trim().split('\n').at(-1) ?? '';
      demand(ROOM.test(error), `up on a full disk says "${error.slice(-300)}"`);
    } finally {
      patient.disk?.free();
    }
    demand(refused.length > 0, 'nothing was refused');
    const odd = refused.find((words) => !ROOM.test(words));
    demand(odd === undefined, `a refusal does not name the disk: "${odd}"`);
    await requireSound(patient, jpeg);
    for (const id of accepted) await awaitRecord(openwhisk, id);
    return `${refused.length} of ${3 * REQUESTS} requests refused, ${accepted.length} of 12 invocations accepted, each with its record; up said "${said}"`;
  },
};
