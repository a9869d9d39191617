import type { FlagEnvironmentState } from '../../domain/flag/flag.ts';
import type { Against } from '../../domain/panic/against.ts';
import type { Actor } from '../../domain/run/run.ts';
import type { Json, JsonOrNull } from './json.ts';

/** Panics, and what is asked of flags: now by those who may not, or for a later time. */
export interface FlagTables {
  panic: {
    id: string;
    set_name: string;
    title: string;
    why: string;
    environment: string;
    opened_by: Json<Actor>;
    opened_at: number;
    confirmed_by: JsonOrNull<Actor>;
    confirmed_at: number | null;
    /** SHA-256 over the plans that were confirmed. */
    hash: string | null;
    reason: string | null;
    undo_by: JsonOrNull<Actor>;
    undo_at: number | null;
    undo_reason: string | null;
    undo_ended_at: number | null;
    /** What spoke against the way back when it was asked for, as whoever asked had read it. */
    undo_despite: JsonOrNull<Against[]>;
    put_away_at: number | null;
  };
  panic_member: {
    panic_id: string;
    index: number;
    kind: 'flag' | 'traffic';
    name: string;
    run_id: string | null;
    problem: string | null;
    confirmed: boolean;
    /** What the member's part of the undo is bound to; null while none was asked for. */
    undo_hash: string | null;
    /** Wall clock. */
    undo_asked_at: number | null;
  };
  change_request: {
    id: string;
    flag: string;
    environment: string;
    template: string;
    inputs: Json<Record<string, string>>;
    title: string;
    reason: string;
    owners: Json<string[]>;
    asked_by: Json<Actor>;
    asked_at: number;
    expires_at: number;
    state: 'open' | 'accepted' | 'declined' | 'withdrawn' | 'expired';
    decided_by: JsonOrNull<Actor>;
    decided_at: number | null;
    decision: string | null;
    run_id: string | null;
  };
  flag_schedule: {
    id: string;
    flag: string;
    environment: string;
    template: string;
    inputs: Json<Record<string, string>>;
    title: string;
    /** The time of day that was asked for, `2026-11-24T09:00`, in `zone`. */
    local: string;
    zone: string;
    fires_at: number;
    /** The flag as it stood when this was made. */
    seen: Json<FlagEnvironmentState>;
    made_by: Json<Actor>;
    made_at: number;
    state: 'waiting' | 'fired' | 'refused' | 'missed' | 'cancelled';
    ended_at: number | null;
    ended_by: string | null;
    why: string | null;
    run_id: string | null;
  };
}
