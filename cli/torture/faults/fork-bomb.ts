import { listDescendants } from '../../../sandbox/processes/tree';
import { FORK_BOMB } from './bombs';
import { demand, type Fault, waitFor } from './fault';
import { errorOf, runAction } from './run-action';

/** Milliseconds that the bomb may run; processes that a platform may have besides. */
const LIMIT = 3000;
const ORDINARY = 100;

export const forkBomb: Fault = {
  name: 'fork-bomb',
  made: 'an action forks without end, each child in a session of its own',
  expected: 'it ends at its time limit, and nothing of it is left',
  run: async ({ openwhisk, pid }) => {
    const record = await runAction(openwhisk, 'torture-forks', FORK_BOMB, { timeout: LIMIT });
    demand(errorOf(record) !== '', 'the fork bomb ended well');
    await waitFor('the end of all its processes', async () => {
      return listDescendants(pid()).length < ORDINARY || undefined;
    });
    return `ended after ${record.seconds.toFixed(1)} s: "${errorOf(record)}"`;
  },
};
