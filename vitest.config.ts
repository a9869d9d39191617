import { defineConfig } from 'vitest/config';

/** Three projects, so that each can be run alone: unit (milliseconds), integration (real PostgreSQL and Unleash), faults (processes that get killed). */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          setupFiles: ['test/support/seed.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.integration.test.ts', 'test/faults/**', 'test/e2e/**'],
          // No test asserts wall time: this only bounds what hangs, on a machine that may be busy.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          environment: 'node',
          setupFiles: ['test/support/seed.ts'],
          include: ['test/**/*.integration.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'faults',
          environment: 'node',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/e2e-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 360_000,
          // One world at a time: a story looks at pages that two cores have to keep up to date.
          fileParallelism: false,
        },
      },
    ],
  },
});
