import { defineConfig } from 'vitest/config';

/** Two cores, and tests that start real interpreters: few files at a time, and room for a slow machine. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 240_000,
    reporters: ['default'],
  },
});
