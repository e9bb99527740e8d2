/** Tells `run.mjs` which files of tests failed. */
import { writeFileSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { TestModule } from 'vitest/node';
import type { Reporter } from 'vitest/reporters';

/**
 * Writes the failed files, one a line, to the file that PDFMAGIC_FAILED_FILES names; none of them when an error that nobody
 * handled came while another file ran. One of a failed file is no more than what its failed test left behind.
 */
export class FailedFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env.PDFMAGIC_FAILED_FILES;
    const failed = modules.filter((module) => !module.ok());
    const theirs = new Set(failed.map(({ moduleId }) => moduleId));
    if (!file || unhandled.some((error) => !theirs.has(String(error.VITEST_TEST_PATH)))) return;
    writeFileSync(file, failed.map(({ relativeModuleId }) => `${relativeModuleId}\n`).join(''));
  }
}
