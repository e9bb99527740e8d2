/** What the platform holds in memory: idle, for each sandbox, and after many invocations. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../figures';
import { type Measurement, OURS } from '../measurement';
import { type ProcessMemory, readMemory } from '../processes';
import { invoke, TRIVIAL } from '../trivial-actions';
import { addSandboxes } from './sandboxes';

/** What the goals look for. */
export const IDLE = 'idle platform: resident';
export const AFTER = 'platform after invocations: private';

/** Milliseconds in which what was just done comes to rest. */
const REST = 1500;
/** Looks at each state, and milliseconds between two. */
const LOOKS = 5;
const LOOK_PAUSE = 100;
const CONCURRENCY = 8;

export const memory: Measurement = {
  name: 'memory',
  what: 'Memory of the local platform with all its processes: idle and empty, of each further sandbox, and after invocations of a trivial action.',
  reference: 'the same platform when it was idle and empty',
  async run(laboratory, figures) {
    if (process.platform !== 'linux') throw new Error('memory is read from /proc, which only Linux has');
    const platform = await laboratory.makePlatform();
    laboratory.setup.progress('an idle platform');
    await platform.start();
    const { pid } = platform;
    if (pid === undefined) throw new Error('the platform has ended');
    await sleep(REST);
    for (let look = 0; look < LOOKS; look += 1, await sleep(LOOK_PAUSE)) addIdle(figures, readMemory(pid));

    laboratory.setup.progress('deploying to it');
    const deployed = await laboratory.deployTo(platform);
    const { api } = deployed;
    // Not the server's own: what it frees after a deployment would count as a sandbox's.
    const readSandboxes = (): number => sum(readMemory(pid).filter(isSandbox), 'own');
    await addSandboxes(laboratory, figures, deployed, readSandboxes);
    const { invocations } = laboratory.setup.pace;
    let done = 0;
    for (const count of invocations) {
      laboratory.setup.progress(`memory after ${count} invocations`);
      const worker = async (): Promise<void> => {
        while (done < count) {
          done += 1;
          laboratory.goOn();
          await invoke(api, TRIVIAL[done % 2 === 0 ? 'Python' : 'Node.js'].name);
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, worker));
      await sleep(REST);
      for (let look = 0; look < LOOKS; look += 1, await sleep(LOOK_PAUSE)) {
        figures.add({ what: AFTER, at: count, unit: 'MB' }, OURS, sum(readMemory(pid), 'own'));
        const server = readMemory(pid).filter((each) => each.pid === pid);
        figures.add({ what: AFTER, at: count, unit: 'MB' }, 'its server process alone', sum(server, 'own'));
      }
    }
    await platform.remove();
  },
};

/** An interpreter that runs actions or waits for one, or the walls around it. */
function isSandbox({ name }: ProcessMemory): boolean {
  return name === 'bwrap' || /launcher\.(py|js)$/.test(name);
}

function addIdle(figures: Figures, processes: readonly ProcessMemory[]): void {
  figures.add({ what: IDLE, unit: 'MB' }, OURS, sum(processes, 'resident'));
  figures.add({ what: 'idle platform: private', unit: 'MB' }, OURS, sum(processes, 'own'));
  figures.add({ what: 'idle platform: processes', unit: 'processes' }, OURS, processes.length);
  for (const name of new Set(processes.map((each) => each.name))) {
    const own = processes.filter((each) => each.name === name);
    figures.add({ what: `idle platform: ${name}, resident`, unit: 'MB' }, OURS, sum(own, 'resident'));
  }
}

function sum(processes: readonly ProcessMemory[], field: 'resident' | 'own'): number {
  return processes.reduce((all, each) => all + each[field], 0);
}
