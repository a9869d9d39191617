import type { ActionKind, RunState, StepResult, StepState } from '../run/run.ts';
import type { Place } from '../runbook/runbook.ts';
import type { Fault } from './faults.ts';

/** A `<slug>.rehearsal.yaml` beside its runbook: what people do in it in a simulated world, and what has to come of it. */
export interface Rehearsal {
  /** Slug of the runbook. */
  runbook: string;
  file: string;
  /** SHA-256 of the file's bytes, hex. */
  digest: string;
  /** People of the story beside the usual ones, by name. */
  people: Record<string, RehearsalPerson>;
  cases: RehearsalCase[];
  /** Where its parts stand in the file, by paths such as `cases.0.act.2` or `cases.0.expect.steps.kill-flag`. */
  places: Record<string, Place>;
}

/** Somebody who acts in a rehearsal. */
export interface RehearsalPerson {
  role: 'viewer' | 'product' | 'responder' | 'admin';
  teams: string[];
}

/** One story. Durations in ms of data time. */
export interface RehearsalCase {
  name: string;
  given: Fault[];
  inputs: Record<string, string>;
  open: {
    by: string;
    /** How long the world is as given before the run is opened. */
    after: number;
    /** True waits for an incident of the runbook and opens the run on it. */
    incident: boolean;
  };
  act: Act[];
  expect: Expectation;
}

/** What a person, or the world, does next. `refused` holds words of the refusal where it has to be refused. */
export type Act =
  | {
      do: 'confirm';
      step: string;
      by: string;
      reason: string | null;
      outcome: string | null;
      refused: string | null;
    }
  | { do: 'skip' | 'undo' | 'take-over'; step: string; by: string; reason: string | null; refused: string | null }
  | { do: 'decide'; step: string; by: string; as: 'done' | 'retry' | 'abort'; refused: string | null }
  | { do: 'approve'; step: string; by: string; refused: string | null }
  | { do: 'reject' | 'break-glass'; step: string; by: string; reason: string; refused: string | null }
  | { do: 'cancel'; by: string; reason: string; refused: string | null }
  | { do: 'wait'; for: number }
  | { do: 'fault'; fault: Fault }
  | { do: 'heal'; faults: string[] };

/** What must be true of a step at the end; null where it does not matter. */
export interface StepExpectation {
  state: StepState;
  result: StepResult | null;
  kind: ActionKind | null;
  /** Words that the step's reason has to hold. */
  reason: string | null;
  outputs: Record<string, string>;
}

/** What must be true when the run has come to rest; null and empty parts do not matter. */
export interface Expectation {
  run: RunState | null;
  steps: Record<string, StepExpectation>;
  /** By flag, or `environment/flag` (production otherwise): `on`, `off` or the percentage that it is on for. */
  flags: Record<string, 'on' | 'off' | number>;
  /** By service: traffic follows the latest revision, or is pinned to an earlier one. */
  traffic: Record<string, 'latest' | 'pinned'>;
  /** Flags and services that the run leaves behind with a due date, and steps whose broken glass waits for a sign-off: exactly these. */
  followUps: string[] | null;
  /** The incident that the run was opened on. */
  incident: 'open' | 'resolved' | null;
}

/** Who acts unless the file says otherwise. */
export const usualPeople: Record<string, RehearsalPerson> = {
  ada: { role: 'responder', teams: [] },
  grace: { role: 'responder', teams: [] },
  linus: { role: 'product', teams: [] },
  vera: { role: 'viewer', teams: [] },
  root: { role: 'admin', teams: [] },
};

/** Who opens runs and acts where nobody is named. */
export const usualActor = 'ada';
