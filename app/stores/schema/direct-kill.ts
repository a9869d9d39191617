import type { FlagEnvironmentState } from '../../domain/flag/flag.ts';
import type { JsonOrNull } from './json.ts';

/** Kills without the console. */
export interface DirectKillTables {
  direct_kill: {
    /** Hash of its line in the journal. */
    entry: string;
    /** As a run would lock it: `flag/production/voiceover-v2`. */
    target: string;
    /** When it was done, and when it was brought in; ms. */
    at: number;
    imported_at: number;
    /** What stood there before; null where that could not be read. */
    captured: JsonOrNull<FlagEnvironmentState>;
  };
}
