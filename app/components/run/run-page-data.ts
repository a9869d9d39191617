import type { FollowUp } from '../../domain/follow-up/follow-up.ts';
import type { RunNote } from '../../domain/run/note.ts';
import type { Actor, Run, RunState } from '../../domain/run/run.ts';
import type { SleepFacts } from '../incident/sleep-line.tsx';
import type { GatedPart } from './gated-part.ts';
import type { SaidLine } from './step-lines.tsx';
import type { RunViewer } from './viewer.ts';
import type { Whole } from './whole.ts';

/** Everything the run page shows. */
export interface RunPageData {
  now: number;
  actor: Actor;
  /** Names of the flags that the actor owns. */
  ownFlags: string[];
  mode: RunViewer['mode'];
  run: Run;
  incident: { id: string; title: string; status: string } | null;
  /** What stands behind "may I sleep?"; null while the run goes on, and without an incident. */
  sleep: SleepFacts | null;
  /** Names of its PagerDuty incidents that nobody has acknowledged. */
  waiting: string[];
  runbook: { slug: string; title: string; moved: boolean } | null;
  /** The rollout or panic that it is a step of. */
  whole: Whole | null;
  /** Name of who opened it; the run itself has their address. */
  openedBy: string;
  others: { id: string; title: string; state: RunState; openedBy: string }[];
  followUps: FollowUp[];
  lookingToo: string[];
  holder: { runId: string; stepId: string; kind: 'stop' | 'forward'; holder: string; since: number } | null;
  notes: RunNote[];
  lines: SaidLine[];
  people: { name: string; email: string }[];
  gated: GatedPart;
  /** What to do by hand, by step; null where nobody asked for it. */
  hand: RunViewer['hand'] | null;
}
