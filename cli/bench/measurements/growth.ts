/** Whether the platform stays as fast, and as small, with what it keeps. */
import { readWskprops } from '../../../infra/targets/local/platform-file';
import { findRunning } from '../../../platform/composition/running';
import type { OwnPlatform } from '../../commands/own-platform';
import { type OpenWhiskApi, openOpenWhisk, requireSuccess } from '../client';
import type { Figures } from '../figures';
import type { Laboratory } from '../laboratory';
import { measureLatencies, time, type Work } from '../measure';
import { type Measurement, OURS } from '../measurement';
import { readMemory } from '../processes';
import { seedActivations } from '../seed-activations';
import { activationOf, invoke, putTrivial, TRIVIAL } from '../trivial-actions';

/** What the goals look for. */
export const WITH_ACTIVATIONS = 'with so many activations: a warm trivial action';
const ACTION = TRIVIAL.Python.name;
/** Requests at a time, when entities are made. */
const MAKERS = 4;

export const growth: Measurement = {
  name: 'growth',
  what: 'Warm invocations, lists and the start of platforms that keep 100, 10,000 and 100,000 records of activations, or 1,000 actions.',
  reference: 'a platform with 100 records and one action, in turns',
  async run(laboratory, figures) {
    const platforms: OwnPlatform[] = [];
    try {
      await compare(laboratory, figures, platforms);
    } finally {
      await Promise.all(platforms.map((platform) => platform.remove()));
    }
  },
};

/** @param platforms takes each that is started */
async function compare(laboratory: Laboratory, figures: Figures, platforms: OwnPlatform[]): Promise<void> {
  const { pace } = laboratory.setup;
  const kept: { readonly at: number; readonly what: string; readonly api: OpenWhiskApi }[] = [];
  for (const at of pace.activations) {
    laboratory.setup.progress(`a platform with ${at} activations`);
    const what = 'with so many activations';
    const { api, pid, seconds } = await startWith(laboratory, platforms, at);
    kept.push({ at, what, api });
    figures.add({ what: `${what}: start of the platform`, at, unit: 's' }, OURS, seconds);
    if (process.platform === 'linux') {
      const own = readMemory(pid).reduce((sum, each) => sum + each.own, 0);
      figures.add({ what: `${what}: private memory`, at, unit: 'MB' }, OURS, own);
    }
  }
  laboratory.setup.progress(`a platform with ${pace.entities} actions`);
  const [fewest = 0] = pace.activations;
  const full = await startWith(laboratory, platforms, fewest);
  await makeEntities(laboratory, full.api, pace.entities);
  const what = 'with so many actions';
  for (const [at, api] of [[1, kept[0]?.api] as const, [pace.entities, full.api] as const])
    if (api !== undefined) kept.push({ at, what, api });

  for (const { api } of kept) await measureLatencies(async () => void (await invoke(api, ACTION)), 2 * pace.runs);
  for (const _ of laboratory.rounds('platforms that keep much, beside one that keeps little')) {
    for (let run = 0; run < 4 * pace.runs; run += 1) {
      for (const { at, what, api } of kept) {
        laboratory.goOn();
        for (const [name, work] of Object.entries(worksOf(api)))
          figures.add({ what: `${what}: ${name}`, at, unit: 'ms' }, OURS, await time(work));
      }
    }
  }
}

function worksOf(api: OpenWhiskApi): Readonly<Record<string, Work>> {
  const get = async (path: string): Promise<void> => requireSuccess(await api.get(path));
  return {
    'a warm trivial action': async () => void (await invoke(api, ACTION)),
    'the newest 30 activations': () => get('activations?limit=30'),
    'the first 30 actions': () => get('actions?limit=30'),
  };
}

/** A platform with so many records, which was started with them. */
async function startWith(laboratory: Laboratory, platforms: OwnPlatform[], count: number) {
  const platform = await laboratory.makePlatform();
  platforms.push(platform);
  await platform.start();
  const { api } = await reach(platform);
  await putTrivial(api, 'Python');
  const like = activationOf(await invoke(api, ACTION));
  await platform.end('SIGTERM');
  await seedActivations(platform.options.data, like, count);
  laboratory.goOn();
  const seconds = (await time(() => platform.start())) / 1000;
  return { ...(await reach(platform)), seconds };
}

async function reach(platform: OwnPlatform): Promise<{ api: OpenWhiskApi; pid: number }> {
  const { data } = platform.options;
  const [running, auth] = [await findRunning(data), readWskprops(data)?.get('AUTH')];
  if (running === undefined || auth === undefined) throw new Error('the platform has ended');
  return { api: openOpenWhisk(running.apihost, auth, false).api, pid: running.pid };
}

async function makeEntities(laboratory: Laboratory, api: OpenWhiskApi, count: number): Promise<void> {
  let made = 1;
  const maker = async (): Promise<void> => {
    while (made < count) {
      const name = `pdfmagic-bench-${made++}`;
      laboratory.goOn();
      await api.putAction(name, { exec: TRIVIAL.Python.exec });
    }
  };
  await Promise.all(Array.from({ length: MAKERS }, maker));
}
