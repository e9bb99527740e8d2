/** The records of activations for the feed, without a request: it asks often, and they are in this process. */
import { parseActivation, type ReadActivation } from '../../feed/outcome';
import { viewRecord } from '../openwhisk/activation/record';
import type { ActivationStore } from '../openwhisk/store/activations';

/** Reads records once they are kept: what is told by one outlives the platform as the record does. */
export function readKept(activations: Pick<ActivationStore, 'get'>): ReadActivation {
  return async (id) => {
    const record = activations.get(id);
    return record === undefined ? undefined : parseActivation(viewRecord(record));
  };
}
