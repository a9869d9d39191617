import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from './drills.ts';
import type { Harm } from './harm.ts';
import type { Blackout } from './visibility.ts';

/** Traffic of a service held at `ratio` of what would arrive, over a span of data time. */
export interface TrafficRatio {
  service: string;
  ratio: number;
  from: number;
  to: number | null;
}

/** A queue that nobody takes jobs from, over a span of data time. */
export interface StuckQueue {
  queue: string;
  from: number;
  to: number | null;
}

/** What the world must still know after a restart. */
export interface WorldState {
  seed: string;
  worldStart: number;
  drill: { name: string; at: number; service: string | null; flag: string | null };
  /** Steps of the drill not yet done, in order. */
  pending: Step[];
  harms: Harm[];
  blackouts: Blackout[];
  ratios: TrafficRatio[];
  /** Absent in the state of a world that is older than they are. */
  stuckQueues?: StuckQueue[];
  /** Revisions deployed since the start, by service. */
  deploys: Record<string, number>;
}

/** The state in `folder`, or a new one that begins at `now`. `save` replaces the file whole. */
export function openState(folder: string, seed: string, now: number): { state: WorldState; save(): void } {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'world.json');
  const state: WorldState = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as WorldState)
    : {
        seed,
        worldStart: Math.floor(now / 60_000) * 60_000,
        drill: { name: 'quiet', at: now, service: null, flag: null },
        pending: [],
        harms: [],
        blackouts: [],
        ratios: [],
        deploys: {},
      };
  const save = () => {
    writeFileSync(`${file}.new`, JSON.stringify(state, null, 1));
    renameSync(`${file}.new`, file);
  };
  save();
  return { state, save };
}
