import { defineConfig } from 'vitest/config';

/** Of the domain's tests only these need a process of their own: the SDK that they compare with reads its host name when it is imported. */
const sdkInDomain = 'test/domain/flag/evaluation/*.property.test.ts';

/**
 * Projects, so that each can be run alone: domain and unit (milliseconds), integration (real PostgreSQL and Unleash), faults (processes
 * that get killed), e2e (a browser). `npm test -- unit` runs domain and unit.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'domain',
          environment: 'node',
          setupFiles: ['test/support/seed.ts'],
          include: ['test/domain/**/*.test.ts'],
          exclude: [sdkInDomain],
          // The domain keeps nothing between two calls: its test files share a process, which halves their time.
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'unit',
          environment: 'node',
          setupFiles: ['test/support/seed.ts'],
          include: ['test/!(domain)/**/*.test.ts', 'test/*.test.ts', sdkInDomain],
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
