/** The Node.js that runs this program as the runtime `nodejs:NN`. */
import path from 'node:path';
import { ABNORMAL_INITIALIZATION, ABNORMAL_RUN } from '../../activation/messages';
import type { RuntimeDescription } from '../runtime';

/** Describes `process.execPath`; a sandbox binds this one file when it lies outside the system's folders. */
export function describeNode(): RuntimeDescription {
  const major = process.versions.node.split('.')[0];
  return {
    kind: `nodejs:${major}`,
    family: 'nodejs',
    image: `openwhisk/action-nodejs-v${major}`,
    executable: process.execPath,
    flags: [],
    launcher: path.join(__dirname, 'launcher.js'),
    environment: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      __OW_EXECUTION_ENV: `openwhisk/action-nodejs-v${major}`,
    },
    exitDuringInit: { error: ABNORMAL_INITIALIZATION },
    unpackFailed: 'Initialization has failed due to: There was an error uncompressing the action archive.',
    exitDuringRun: ABNORMAL_RUN,
    countsLineEnd: false,
  };
}
