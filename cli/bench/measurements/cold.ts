/** Cold starts, whole and in their parts. */
import { z } from 'zod';
import { PACKAGE } from '../../../contract/names';
import {
  convertByV0,
  convertByV1,
  convertByV2,
  jsonOf,
  makeBucket,
  type OpenWhiskApi,
  requireSuccess,
  upload,
  V0,
  withQuietBucket,
} from '../client';
import type { Place } from '../figures';
import type { Laboratory } from '../laboratory';
import { time, type Work } from '../measure';
import { listApis, type Measurement, OURS } from '../measurement';
import { measureCommand } from '../processes';
import { invoke, putTrivial, RUNTIMES, TRIVIAL } from '../trivial-actions';

/** What the goals look for. */
export const COLD = (what: string): string => `cold ${what}`;
export const BARE_PYTHON = 'bare Python';

/** Something whose containers can be forgotten, and then be called. */
interface Start {
  readonly what: string;
  readonly who: string;
  readonly api: OpenWhiskApi;
  /** Of the action, as lists of activations name it. */
  readonly action: string;
  readonly bare: { readonly who: string; readonly command: readonly string[] };
  forget(): Promise<void>;
  readonly call: Work;
}

const PYTHON = { who: BARE_PYTHON, command: ['python3', '-c', 'pass'] };
const NODE = { who: 'bare Node.js', command: [process.execPath, '-e', '0'] };

export const cold: Measurement = {
  name: 'cold',
  what: 'The first call of a new version of an action, which runs in a new sandbox: as a whole, and in the parts that its record tells.',
  reference: 'an interpreter that starts and ends by itself (`python3 -c pass`, `node -e 0`), and the other OpenWhisk',
  async run(laboratory, figures) {
    const starts = await makeStarts(laboratory);
    for (const { call } of starts) await call();
    for (const _ of laboratory.rounds('cold starts')) {
      for (let run = 0; run < Math.min(3, laboratory.setup.pace.runs); run += 1) {
        for (const { what, who, api, action, bare, forget, call } of starts) {
          laboratory.goOn();
          await forget();
          const place = (part = ''): Place => ({ what: `${COLD(what)}${part}`, unit: 'ms' });
          const whole = await time(call);
          figures.add(place(), who, whole);
          figures.add(place(), bare.who, (await measureCommand(bare.command)).wall * 1000);
          const parts = await readParts(api, action);
          for (const [part, value] of Object.entries(parts.told)) figures.add(place(`: ${part}`), who, value);
          figures.add(place(': everything else'), who, Math.max(0, whole - parts.sum));
        }
      }
    }
  },
};

async function makeStarts(laboratory: Laboratory): Promise<Start[]> {
  const { service, api } = await laboratory.deployed();
  const [photo] = laboratory.photos;
  if (photo === undefined) return [];
  const base64 = photo.jpeg.toString('base64');
  const bucket = 'pdfmagic-bench-cold';
  await makeBucket(service, bucket);
  const quiet = withQuietBucket(service, bucket);
  const put = () => upload(quiet.inBucket, photo.jpeg, 'photo.jpg', 'default');
  await put();
  const conversion = (
    what: 'v0' | 'v1' | 'v2',
    call: Work,
    before: () => Promise<unknown> = async () => undefined,
  ): Start => {
    const action = `${PACKAGE}/${what}`;
    const forget = async (): Promise<void> => {
      await before();
      await renew(api, action);
    };
    return { ...{ what, who: OURS, api, action, bare: PYTHON, forget }, call };
  };
  const apis = await listApis(laboratory);
  const trivial = RUNTIMES.flatMap((runtime) =>
    apis.map(({ who, api }): Start => {
      const action = TRIVIAL[runtime].name;
      const bare = runtime === 'Python' ? PYTHON : NODE;
      const call = async (): Promise<void> => void (await invoke(api, action));
      return {
        ...{ what: `trivial ${runtime} action`, who, api, action, bare, call },
        forget: () => putTrivial(api, runtime),
      };
    }),
  );
  for (const { forget } of trivial) await forget();
  return [
    conversion('v0', () => convertByV0(api, V0, base64, 'default')),
    conversion('v1', () => convertByV1(service, photo.jpeg, 'default')),
    conversion('v2', () => convertByV2(quiet, 'photo.jpg', 'default'), put),
    ...trivial,
  ];
}

/** Another version of an action runs in new containers alone: OpenWhisk's documentation, "Updating an action". */
async function renew(api: OpenWhiskApi, action: string): Promise<void> {
  const found = await api.get(`actions/${action}`);
  requireSuccess(found);
  const { parameters } = z.object({ parameters: z.unknown() }).parse(jsonOf(found));
  await api.putAction(action, { parameters });
}

/** Of the newest activation of an action (apache/openwhisk/docs/annotations.md). */
async function readParts(api: OpenWhiskApi, action: string) {
  const [found] = await api.records(1, { name: action });
  const told = found?.annotations;
  const [wait, start] = [Number(told?.get('waitTime') ?? 0), Number(told?.get('initTime') ?? 0)];
  const duration = found?.duration ?? 0;
  return {
    told: {
      'waiting for a sandbox': wait,
      'loading the code (/init)': start,
      'running it (/run)': Math.max(0, duration - start),
    },
    sum: wait + duration,
  };
}
