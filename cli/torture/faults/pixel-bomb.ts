import { PACKAGE, recordName } from '../../../contract/names';
import { putName } from '../../client/by-bucket';
import { postJpeg } from '../../client/by-request';
import { parseJson } from '../../client/http';
import { readRefusal } from '../../client/openwhisk';
import { demand, type Fault, waitFor } from './fault';
import { accept, awaitRecord, errorOf } from './run-action';

const SIDE = 60_000;
const NAME = 'torture-bombs/pixels.jpg';
const CODE = 'too-many-pixels';

/** The same JPEG, whose frame header (ITU-T T.81, B.2.2) says that it is that large. */
function enlarge(jpeg: Buffer): Buffer {
  const large = Buffer.from(jpeg);
  for (let at = 2; at < large.length; at += 2 + large.readUInt16BE(at + 2)) {
    const marker = large.readUInt16BE(at);
    if (marker < 0xffc0 || marker > 0xffc2) continue;
    large.writeUInt16BE(SIDE, at + 5);
    large.writeUInt16BE(SIDE, at + 7);
    return large;
  }
  throw new Error('the photograph has no frame header');
}

export const pixelBomb: Fault = {
  name: 'pixel-bomb',
  made: 'a JPEG that says it has 60,000 x 60,000 pixels comes by every way',
  expected: `each way refuses it with the code ${CODE}`,
  run: async ({ service, openwhisk, jpeg }) => {
    const bomb = enlarge(jpeg);
    const began = performance.now();
    const id = await accept(openwhisk, `${PACKAGE}/v0`, { image: bomb.toString('base64') });
    const byBody = readRefusal(await postJpeg(service, bomb));
    await service.inBucket.upload(bomb, NAME, { replace: true });
    const byName = readRefusal(await putName(service, NAME));
    const byEvent = await waitFor('the record of its event', async () => {
      const bytes = await service.outBucket.read(recordName(NAME));
      return bytes && (parseJson(bytes) as { code?: unknown });
    });
    const byParameter = errorOf(await awaitRecord(openwhisk, id));
    demand(/pixels/.test(byParameter), `v0 ended with "${byParameter}"`);
    for (const [way, code] of Object.entries({ body: byBody.code, name: byName.code, event: byEvent.code }))
      demand(code === CODE, `by ${way}, it was refused with ${String(code)}`);
    return `refused by all in ${((performance.now() - began) / 1000).toFixed(1)} s: "${byBody.message}"`;
  },
};
