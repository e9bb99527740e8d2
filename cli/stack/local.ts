/** The stack that `npm start` or `npm run up` has deployed on this machine. */
import path from 'node:path';
import { outputs, stackNames } from '../../runner';
import { UsageFailure, wordsOf } from '../failure';

/** The outputs of the one stack of a platform; undefined when none is deployed. @param dataDir the platform's data folder; @throws UsageFailure */
export function localOutputs(dataDir: string): unknown {
  const stateDir = path.join(dataDir, 'stack');
  try {
    return stackNames(stateDir)
      .map((stack) => outputs({ project: 'pdfmagic', stack, stateDir }))
      .find((found) => Object.keys(found).length > 0);
  } catch (error) {
    throw new UsageFailure(
      `The stack in ${stateDir} cannot be read: ${wordsOf(error)}.`,
      'Name another one: --data, --stack or --outputs.',
    );
  }
}
