import { MEMORY_BOMB } from './bombs';
import { demand, type Fault } from './fault';
import { errorOf, runAction } from './run-action';

export const memoryBomb: Fault = {
  name: 'memory-bomb',
  made: 'an action with 128 MB takes memory without end',
  expected: 'it is stopped, and its record says why',
  run: async ({ openwhisk }) => {
    const limits = { timeout: 30_000, memory: 128 };
    const record = await runAction(openwhisk, 'torture-memory', MEMORY_BOMB, limits);
    demand(errorOf(record).includes('exhausted its memory'), `the memory bomb ended with "${errorOf(record)}"`);
    return `stopped after ${record.seconds.toFixed(1)} s: "${errorOf(record)}"`;
  },
};
