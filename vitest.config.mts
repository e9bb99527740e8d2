import { defineConfig } from 'vitest/config';
import { FailedFiles } from './test/failed-files.mjs';
import { LongestFirst } from './test/longest-first.mjs';
import { OWN_PROCESS, SLOW } from './test/slow.mjs';

const listFiles = (names: readonly string[]) => names.map((name) => `test/${name.replace('/**', '/**/*.test.ts')}`);
const slow = listFiles(SLOW);
const own = listFiles(OWN_PROCESS);

// Few processes for all files of a project: loading Pulumi, Google's libraries and TypeScript for each of them takes longer than many tests.
const shared = { isolate: false, setupFiles: ['test/shared-process.ts'] };

/** Two cores, and tests that wait as often as they work: few files at a time, and room for a slow machine. */
export default defineConfig({
  test: {
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // A second, which is the default, is short on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    // A process that many files have shared takes its time to end on a busy machine.
    teardownTimeout: 60_000,
    reporters: [new FailedFiles(), 'default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: [...slow, ...own],
          ...shared,
        },
      },
      { extends: true, test: { name: 'slow', include: slow, ...shared } },
      { extends: true, test: { name: 'own process', include: own } },
    ],
  },
});
