import { commandOf } from '../../../sandbox/processes/process-identity';
import { listProcesses } from '../../../sandbox/processes/stat';
import { deafAction } from './bombs';
import { demand, type Fault, waitFor } from './fault';
import { errorOf, runAction } from './run-action';

const LIMIT = 2000;

/** Seconds that nobody else sleeps, to find its child by. */
const mark = () => 3_000_000 + (process.pid % 100_000);

export const deaf: Fault = {
  name: 'deaf-action',
  made: 'an action and its child ignore SIGTERM and all other signals that can be ignored, and never end',
  expected: 'both are gone at the time limit, and the record says so',
  run: async ({ openwhisk }) => {
    const record = await runAction(openwhisk, 'torture-deaf', deafAction(mark()), { timeout: LIMIT });
    demand(errorOf(record).includes('exceeded its time limits'), `it ended with "${errorOf(record)}"`);
    await waitFor('the end of its child', async () => {
      const left = listProcesses().filter(({ pid, zombie }) => !zombie && commandOf(pid)[1] === String(mark()));
      return left.length === 0 || undefined;
    });
    return `ended after ${record.seconds.toFixed(1)} s: "${errorOf(record)}"`;
  },
};
