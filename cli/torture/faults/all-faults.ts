/** All faults, in the order of the table. */
import { clockBack } from './clock-back';
import { deaf } from './deaf-action';
import { diskFull } from './disk-full';
import type { Fault } from './fault';
import { forkBomb } from './fork-bomb';
import { logFlood } from './log-flood';
import { memoryBomb } from './memory-bomb';
import { noDescriptors } from './no-descriptors';
import { pixelBomb } from './pixel-bomb';
import { readOnly } from './read-only';
import { slowClients } from './slow-clients';
import { tornNotes } from './torn-notes';
import { tornState } from './torn-state';
import { tornStore } from './torn-store';
import { vanishingClients } from './vanishing-clients';

export const FAULTS: readonly Fault[] = [
  pixelBomb,
  forkBomb,
  memoryBomb,
  logFlood,
  deaf,
  slowClients,
  vanishingClients,
  diskFull,
  readOnly,
  noDescriptors,
  clockBack,
  tornStore,
  tornState,
  tornNotes,
];

/** Those of these names, or all. @throws Error for a name that none has */
export function pickFaults(names: string): readonly Fault[] {
  if (names === 'all') return FAULTS;
  if (names === 'none') return [];
  const wanted = names.split(',');
  const known = new Map(FAULTS.map((fault) => [fault.name, fault]));
  return wanted.map((name) => {
    const fault = known.get(name);
    if (fault === undefined)
      throw new Error(
        `--faults: there is no fault '${name}'. Choose from ${[...known.keys()].join(', ')}, or all, or none.`,
      );
    return fault;
  });
}
