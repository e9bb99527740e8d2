import { defineConfig } from 'vitest/config';
import { SLOW } from './test/slow.mjs';

/** Two cores, and tests that start real interpreters: few files at a time, and room for a slow machine. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // `npm run test:quick` leaves these out.
    exclude: process.env.PDFMAGIC_TESTS === 'quick' ? SLOW.map((name) => `test/${name}`) : [],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 240_000,
    reporters: ['default'],
  },
});
