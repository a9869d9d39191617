import type { Actor } from '../../domain/run/run.ts';
import type { Theme } from './theme.ts';

/** What every page's frame shows. */
export interface Frame {
  now: number;
  /** Data ms per wall ms: 1 but in a demo that runs fast. */
  speed: number;
  theme: Theme | null;
  organisation: string;
  environment: string;
  mode: 'observe' | 'shadow' | 'act';
  simulated: boolean;
  actor: Actor;
  /** Open ones. */
  incidents: number;
  followUps: number;
  /** Open runs that this person has. */
  runs: number;
  /** Waiting for this person's yes. */
  approvals: number;
}
