/** One run of the stress test: everything is uploaded at once, the platform is killed meanwhile, and all is accounted for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '../client/service';
import { type Account, accountFor, findOutcomes } from './account';
import { makeFiles, type StressFile } from './files';
import { uploadAll } from './upload';

export interface StressOptions {
  readonly service: Service;
  /** Of all names in this run. */
  readonly prefix: string;
  readonly photos: number;
  readonly broken: number;
  /** How many photos are uploaded a second time. */
  readonly duplicates: number;
  readonly kills: number;
  /** Kills the platform and starts it again. */
  readonly kill: () => Promise<void>;
  readonly progress: (line: string) => void;
}

export interface StressReport extends Account {
  readonly uploads: number;
  readonly kills: number;
  /** From the first upload to the last one's answer, and to the last outcome. */
  readonly uploadSeconds: number;
  readonly seconds: number;
}

/** Milliseconds between looks, and without any new outcome until the rest counts as lost. */
const LOOK_PAUSE = 500;
const PATIENCE = 120_000;

/** @returns what became of all files; nothing is thrown for those that are lost */
export async function stress(options: StressOptions): Promise<StressReport> {
  const { service, prefix, photos, broken, duplicates, kills, kill, progress } = options;
  progress(`making ${photos} photos and ${broken} broken files`);
  const files = makeFiles(prefix, photos, broken);
  const again = files.filter(({ size }) => size !== undefined).slice(0, duplicates);
  const sent: StressFile[] = [...files, ...again];
  let uploaded = 0;
  const start = performance.now();
  const since = (): number => (performance.now() - start) / 1000;
  const uploading = uploadAll(service, sent, (count) => {
    uploaded = count;
  }).then((uploads) => ({ uploads, uploadSeconds: since() }));
  // Heard below; until then it must not count as unhandled.
  uploading.catch(() => undefined);

  let killed = 0;
  let settled = 0;
  const looks = watch(async () => {
    const { pdfs, records } = await findOutcomes(service, prefix);
    settled = pdfs.size + records.size;
    // Evenly over the work, of which uploads are one half and outcomes the other.
    const done = (uploaded / sent.length + settled / files.length) / 2;
    if (killed < kills && done >= (killed + 0.5) / (kills + 0.25)) {
      killed += 1;
      progress(`kill ${killed} of ${kills}: ${uploaded} uploaded, ${settled} settled`);
      await kill();
    }
  });
  const { uploads, uploadSeconds } = await Promise.race([uploading, looks.failed]);
  progress(`${sent.length} uploads in ${uploadSeconds.toFixed(1)} s`);
  let last = { settled: 0, at: performance.now(), seconds: 0 };
  for (;;) {
    const found = await findOutcomes(service, prefix, uploads).catch(() => undefined);
    const now = found === undefined ? last.settled : found.pdfs.size + found.records.size;
    if (now !== last.settled) last = { settled: now, at: performance.now(), seconds: since() };
    if ((now >= files.length && killed >= kills) || performance.now() - last.at > PATIENCE) break;
    await Promise.race([sleep(LOOK_PAUSE), looks.failed]);
  }
  await looks.stop();
  progress(`${last.settled} of ${files.length} settled in ${last.seconds.toFixed(1)} s`);
  const account = await accountFor(service, prefix, files, uploads);
  return { ...account, uploads: sent.length, kills: killed, uploadSeconds, seconds: last.seconds };
}

/** Looks again and again; a look that fails while the platform is down does not count. */
function watch(look: () => Promise<void>) {
  let stopped = false;
  const loop = async (): Promise<void> => {
    while (!stopped) {
      await look().catch((error: Error) => {
        if (/platform/.test(error.message)) throw error;
      });
      await sleep(LOOK_PAUSE);
    }
  };
  const running = loop();
  // Only ever rejects: when the platform does not start again.
  const failed = running.then(() => new Promise<never>(() => undefined));
  failed.catch(() => undefined);
  return {
    failed,
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}
