import type { Actor } from '../../domain/run/run.ts';
import type { Theme } from './theme.ts';

/** What every page's frame shows. */
export interface Frame {
  now: number;
  theme: Theme | null;
  organisation: string;
  environment: string;
  mode: 'observe' | 'shadow' | 'act';
  simulated: boolean;
  actor: Actor;
  /** Open ones. */
  incidents: number;
  followUps: number;
}
