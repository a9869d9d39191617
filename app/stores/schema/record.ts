import type { Generated } from 'kysely';
import type { RunNote } from '../../domain/run/note.ts';

/** What runs leave on paper, and what programs asked for. */
export interface RecordTables {
  /** Append-only for the application's role. */
  run_note: {
    id: Generated<number>;
    run_id: string;
    step_id: string | null;
    at: number;
    kind: RunNote['kind'];
    text: string;
    by_name: string;
    by_email: string;
    /** Who has the run since; only of a hand-over. */
    to_name: string | null;
    to_email: string | null;
  };
  /** Lines that a step said while it ran, redacted. */
  step_line: { id: Generated<number>; run_id: string; step_id: string; attempt: number; at: number; text: string };
  /** A request that opened a run by API key: the same key with the same `Idempotency-Key` opens no second. */
  api_request: {
    key_id: string;
    idempotency_key: string;
    /** SHA-256 of what was asked for. */
    digest: string;
    /** Null until the run is open. */
    run_id: string | null;
    /** Wall clock. */
    at: number;
  };
}
