/** What the stack runner needs to know of a student's stack on this machine. */
import path from 'node:path';
import type * as runner from '../../runner';
import { PROJECT_DIR } from '../project';
import type { StackOptions } from './options';
import { stackEvent } from './progress';

/** The file that Node runs as `pdfmagic`. */
export const PROGRAM = path.join(PROJECT_DIR, 'cli/pdfmagic.mjs');

/** Says to the runner what to deploy, and where. */
export function stackOf(options: Pick<StackOptions, 'data' | 'student' | 'platform' | 'replace'>): runner.StackOptions {
  return {
    projectDir: PROJECT_DIR,
    project: 'pdfmagic',
    stack: options.student,
    stateDir: path.resolve(options.data, 'stack'),
    config: {
      ...{ student: options.student, target: 'local', platform: options.platform },
      platformDir: path.resolve(options.data),
    },
    adoptInput: 'adopt',
    ...(options.replace && { replace: options.replace }),
    onEvent: stackEvent,
  };
}
