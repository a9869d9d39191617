import type { RehearsalReport } from '../../domain/rehearsal/record.ts';
import type { Json } from './json.ts';

/** What rehearsals came to. */
export interface RehearsalTables {
  /** One row a runbook: the last. */
  rehearsal: {
    runbook: string;
    /** SHA-256 of the runbook's bytes, and of its rehearsal file's. */
    digest: string;
    rehearsal: string;
    at: number;
    /** Name of the API key that told it. */
    by_key: string;
    cases: Json<RehearsalReport['cases']>;
  };
}
