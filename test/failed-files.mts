/** Tells `run.mjs` which files of tests failed. */
import { writeFileSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { TestModule } from 'vitest/node';
import type { Reporter } from 'vitest/reporters';

/** Writes the failed files, one a line, to the file that PDFMAGIC_FAILED_FILES names; none of them when errors belong to no file. */
export class FailedFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env.PDFMAGIC_FAILED_FILES;
    if (!file || unhandled.length > 0) return;
    const failed = modules.filter((module) => !module.ok());
    writeFileSync(file, failed.map(({ relativeModuleId }) => `${relativeModuleId}\n`).join(''));
  }
}
