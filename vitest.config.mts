import { defineConfig } from 'vitest/config';
import { SLOW } from './test/slow.mjs';

const slow = SLOW.map((name) => `test/${name.replace('/**', '/**/*.test.ts')}`);

/** Two cores, and tests that start real interpreters: few files at a time, and room for a slow machine. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 240_000,
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: slow,
          // Two processes for all of them: loading Pulumi, Google's libraries and TypeScript for each file takes longer than the tests.
          isolate: false,
          setupFiles: ['test/shared-process.ts'],
        },
      },
      { extends: true, test: { name: 'slow', include: slow } },
    ],
  },
});
