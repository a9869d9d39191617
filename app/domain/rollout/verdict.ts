import { burnText, countText, durationText } from '../slo/figures.ts';
import { minuteMs } from '../slo/series.ts';
import { burnRate, minimumCoverage, reaches } from '../slo/windows.ts';
import { factorOf, guardName, type RolloutGuard, type RolloutStage } from './plan.ts';

/** What a guard says, worst first. */
export const verdictKinds = ['breach', 'error', 'stale', 'insufficient', 'pass'] as const;
export type VerdictKind = (typeof verdictKinds)[number];

/** What a guard's source gave. */
export interface GuardReading {
  /** Minutes by their end, ms, in any order. What is no count makes its minute unknown. */
  minutes: { at: number; bad: number; total: number }[];
  /** ms after which a minute's points are taken as complete. */
  settle: number;
  /** Share of good events promised. */
  objective: number;
  /** Why it could not be read; null when it was. */
  error: string | null;
  /** True where two counts are read, and of the bad ones not one point came: their count may match nothing at all. */
  badUnseen?: boolean;
}

/** Counts of a stretch of minutes. */
export interface WindowFigures {
  bad: number;
  total: number;
  burn: number | null;
  /** Minutes of it with data, and its length. */
  known: number;
  minutes: number;
}

export interface GuardVerdict {
  guard: string;
  kind: VerdictKind;
  text: string;
  over: number;
  short: WindowFigures;
  long: WindowFigures;
  /** End of the newest known minute; null before any. */
  dataTo: number | null;
}

/** What all guards of a stage say together: the worst of them. */
export interface StageVerdict {
  kind: VerdictKind;
  at: number;
  guards: GuardVerdict[];
}

/** Bad events under which a high burn may be chance. */
const leastBad = 5;
/** ms of silence beyond the settling time after which a source counts as blind. */
const patience = 2 * minuteMs;
/** Share of the minutes since the step that must be known before anything is said to be well. */
const enoughKnown = 0.9;

type Minute = { at: number; bad: number; total: number };

/**
 * One guard over a stage that took effect at `effectAt`. Breach comes first: what is known to do harm does it whatever else
 * is missing. Both windows end at the newest known minute, and the long one begins no earlier than the step. Missing data
 * never passes.
 */
export function judgeGuard(
  guard: RolloutGuard,
  stage: Pick<RolloutStage, 'window' | 'minRequests'>,
  reading: GuardReading,
  effectAt: number,
  now: number,
): GuardVerdict {
  const first = Math.ceil(effectAt / minuteMs) * minuteMs;
  const known = reading.minutes.filter(isCount).sort((a, b) => a.at - b.at);
  const wrong = known.filter(({ at, bad, total }) => at > first && bad > total);
  const since = known.filter(({ at, bad, total }) => at > first && bad <= total);
  const dataTo = known.at(-1)?.at ?? null;
  const end = since.at(-1)?.at ?? first;
  const over = factorOf(guard);
  const figures = (minutes: number) =>
    stretch(since, Math.max(first, end - minutes * minuteMs), end, reading.objective);
  const [short, long] = [figures(stage.window.short), figures(stage.window.long)];
  const base = { guard: guardName(guard), over, short, long, dataTo };
  const says = (kind: VerdictKind, text: string): GuardVerdict => ({ ...base, kind, text });
  const counted = `${countText(long.bad)} of ${countText(long.total)} failed`;
  const burning = [short, long].every(({ burn }) => reaches(burn, over));
  const full = short.minutes >= stage.window.short && short.known >= short.minutes * minimumCoverage;
  if (burning && full && long.bad >= leastBad) {
    const burns = `${burnText(short.burn!)} over ${short.minutes} min and ${burnText(long.burn!)} over ${long.minutes} min`;
    return says('breach', `Burns ${burns}, at ${burnText(over)} or more it is taken back: ${counted}.`);
  }
  if (reading.error !== null) return says('error', `Its source cannot be read: ${reading.error.replace(/\.$/, '')}.`);
  if (wrong.length > 0) {
    const { bad, total } = wrong[0]!;
    return says('error', `Its source counts ${countText(bad)} bad of ${countText(total)} requests: that cannot be.`);
  }
  const expected = Math.floor((now - reading.settle) / minuteMs) * minuteMs;
  if (dataTo === null || dataTo < expected - patience) {
    const age = dataTo === null ? 'No data' : `No data for ${durationText(now - dataTo)}`;
    return says('stale', `${age}: missing data is never success.`);
  }
  const settled = stretch(since, first, Math.max(first, expected), reading.objective);
  if (settled.minutes >= stage.window.short && settled.known < settled.minutes * enoughKnown) {
    return says('stale', `${settled.minutes - settled.known} of ${settled.minutes} min since the step have no data.`);
  }
  if (settled.total < stage.minRequests) {
    const asked = `${countText(settled.total)} of at least ${countText(stage.minRequests)} requests since the step`;
    return says('insufficient', `Too few to judge: ${asked}.`);
  }
  if (burning) {
    return says('insufficient', `Too few failures to tell from chance: ${counted}, ${leastBad} are needed.`);
  }
  const burn = long.burn === null ? 'nothing' : burnText(long.burn);
  const doubt = reading.badUnseen
    ? ' Before the step none was counted either: a count of the wrong thing looks the same.'
    : '';
  return says('pass', `Burns ${burn} over ${long.minutes} min, under ${burnText(over)}: ${counted}.${doubt}`);
}

/** All guards of a stage; the worst wins. A stage without guards passes, and nobody may call it guarded. */
export function judgeStage(guards: readonly GuardVerdict[], at: number): StageVerdict {
  const kind = verdictKinds.find((each) => guards.some((guard) => guard.kind === each)) ?? 'pass';
  return { kind, at, guards: [...guards] };
}

function isCount({ at, bad, total }: Minute): boolean {
  return [at, bad, total].every(Number.isFinite) && bad >= 0 && total >= 0;
}

function stretch(minutes: readonly Minute[], from: number, to: number, objective: number): WindowFigures {
  const inside = minutes.filter(({ at }) => at > from && at <= to);
  const bad = inside.reduce((sum, one) => sum + one.bad, 0);
  const total = inside.reduce((sum, one) => sum + one.total, 0);
  const length = Math.round((to - from) / minuteMs);
  return { bad, total, burn: burnRate(bad, total, objective), known: inside.length, minutes: length };
}
