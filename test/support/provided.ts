import type { UnleashServer } from '#scripts/supervisor/unleash.ts';

/** What `global-setup.ts` provides to tests through vitest's `inject`. */
declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the maintenance database, as the owner. */
    pgUrl: string;
    unleash: Pick<UnleashServer, 'url' | 'adminToken' | 'clientToken' | 'devClientToken'>;
  }
}

/** Name of the migrated database that `createTestDatabase` clones. */
export const templateDatabase = 'firebreak_template';
