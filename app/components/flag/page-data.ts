import type { Change } from '../../domain/change/change.ts';
import type { KillNotice } from '../../domain/flag/kill-notice.ts';
import type { FlagHour, SdkFleet } from '../../domain/flag/usage.ts';
import type { FollowUp } from '../../domain/follow-up/follow-up.ts';
import type { Rollout } from '../../domain/rollout/rollout.ts';
import type { Read } from '../observed-panel.tsx';
import type { RunRow } from '../run/run-rows.tsx';
import type { DriftView } from './drift-view.ts';
import type { ShownSchedule } from './schedules.tsx';
import type { EnvironmentView } from './view.ts';
import type { WhoView } from './who.ts';

/** Everything on a flag's page. */
export interface FlagPageData {
  name: string;
  title: string;
  description: string;
  type: string;
  /** Null where no file declares the flag, and so for `safe`. */
  service: string | null;
  owners: string[];
  safe: string | null;
  expires: string | null;
  slos: string[];
  /** "flags/checkout.yaml, line 4"; null where that is not known. */
  declaredAt: string | null;
  stale: string[];
  /** Where its file and Unleash differ; none before Unleash was read. */
  drift: DriftView;
  createdAt: number | null;
  lastSeenAt: number | null;
  parents: { name: string; needs: string }[];
  children: string[];
  /** Its environments as Unleash was last read; null where Unleash does not have it. */
  read: Read<EnvironmentView[]>;
  /** False before Unleash was first read. */
  readOnce: boolean;
  who: WhoView;
  hours: Read<FlagHour[]>;
  fleets: SdkFleet[];
  changes: Change[];
  runs: RunRow[];
  followUps: FollowUp[];
  /** Why it was made safe, while it is. */
  notices: KillNotice[];
  /** Guarded rollouts of it that go on. */
  rollouts: Rollout[];
  /** When the next step of each of these comes, by its id, ms; null while that is not known. */
  nextSteps: Record<string, number | null>;
  /** Why this person may not turn it; null when they may. */
  whyNot: string | null;
  /** They may ask its owners instead. */
  mayAsk: boolean;
  /** Changes for a later time, and the last ones that are over. */
  schedules: ShownSchedule[];
  /** Of the organisation, for times without JavaScript. */
  timeZone: string;
}
