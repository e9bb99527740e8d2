/** The stack that the runner has deployed on the platform of a data folder. */
import type { Json } from '../../ground/json';
import { readWskprops } from '../../infra/targets/local/platform-file';
import { readOutputs, type Stack, stackOf } from '../stack/stack';

/** @param data the platform's data folder, which has the key. @throws UsageFailure when the outputs are not those of this program */
export function deployedStack(outputs: Readonly<Record<string, Json>>, data: string): Stack {
  return stackOf(readOutputs(outputs, `The state in ${data}`), async () => {
    const key = readWskprops(data)?.get('AUTH');
    if (key === undefined) throw new Error(`no key in ${data}`);
    return key;
  });
}
