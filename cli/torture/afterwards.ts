/** What has to hold when all is over: state and platform agree, and nothing is left. */
import * as runner from '../../runner';
import { type Leftovers, mountsIn, processesIn, temporaryFilesIn } from './leftovers';

/** What a run may do to a resource that is as it should be. */
const IDLE = new Set(['same', 'read']);

/**
 * Applies the stack once, which has to succeed whatever was killed before; after that, refresh and `up` find nothing to do.
 * @returns what they found all the same
 */
export async function converge(stack: runner.StackOptions): Promise<string[]> {
  await runner.up(stack);
  const found: string[] = [];
  for (const [operation, run] of Object.entries({ refresh: runner.refresh, up: runner.up })) {
    const { changes } = await run(stack);
    for (const [change, count] of Object.entries(changes))
      if (!IDLE.has(change)) found.push(`${operation}: ${count} ${change}`);
  }
  return found;
}

/** What is left when every platform of a run has ended. @param folder of the run; @param data of its platform */
export function findLeft(folder: string, data: string, temporary: string, leftovers: Leftovers): string[] {
  const processes = new Set([...processesIn(folder), ...leftovers.findRemembered()]);
  return [
    ...[...processes].map((pid) => `process ${pid}`),
    ...mountsIn(folder).map((place) => `mount ${place}`),
    ...temporaryFilesIn(data, temporary).map((file) => `file ${file}`),
  ];
}
