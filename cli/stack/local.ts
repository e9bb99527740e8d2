/** The stack that `npm start` or `npm run up` has deployed on this machine. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { outputs } from '../../local/stack';

/** The outputs of the one stack of a platform; undefined when none is deployed. @param dataDir the platform's data folder */
export function localOutputs(dataDir: string): unknown {
  const stateDir = path.join(dataDir, 'stack');
  const names = existsSync(stateDir)
    ? readdirSync(stateDir).flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? [])
    : [];
  return names
    .map((stack) => outputs({ project: 'pdfmagic', stack, stateDir }))
    .find((found) => Object.keys(found).length > 0);
}
