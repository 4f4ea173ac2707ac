import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const results = process.env.FIREDRILL_TEST_RESULTS;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Trials run in threads of their own and replace globals: no test shares a process with
    // another.
    pool: 'forks',
    // One for each core, this one's own too: it waits for them.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/skipped-reporter.ts', ...(results ? ['json'] : [])],
    ...(results ? { outputFile: { json: results } } : {}),
  },
});
