/** How much a silence covers: one SLO, all of a service, or all whose numbers come from one source. */
export type SilenceScope = 'slo' | 'service' | 'source';

/** Pages and tickets that a person keeps from leaving until an end, with a reason. Alerts and incidents go on. Times data ms. */
export interface Silence {
  id: string;
  scope: SilenceScope;
  /** Id of the SLO or service, or the source as `sourceOf` names it. */
  target: string;
  reason: string;
  /** Name and email of who made it. */
  by: string;
  byEmail: string;
  from: number;
  until: number;
  /** When somebody ended it before its time, and the name; null while nobody has. */
  endedAt: number | null;
  endedBy: string | null;
}

/** What may be silenced, by everything that a scope can name; `source` is null where no source is known. */
export interface Silenceable {
  slo: string;
  service: string;
  source: string | null;
}

/** Whether a silence is in force at `at` (ms): its end does not belong to it. */
export function stands({ from, until, endedAt }: Silence, at: number): boolean {
  return from <= at && at < Math.min(until, endedAt ?? until);
}

/** Whether a silence is about this SLO, whenever it stands. */
export function covers({ scope, target }: Pick<Silence, 'scope' | 'target'>, what: Silenceable): boolean {
  return what[scope] === target;
}

/** The silence that keeps this SLO quiet the longest from `at` on; null when none does. */
export function silenceOf(what: Silenceable, silences: readonly Silence[], at: number): Silence | null {
  return silences
    .filter((silence) => stands(silence, at) && covers(silence, what))
    .reduce<Silence | null>((longest, each) => (longest && longest.until >= each.until ? longest : each), null);
}

/**
 * The silence behind which nothing of these may leave: the one that ends first of those that keep each quiet. Null when
 * one of them is not silenced, or when there are none.
 */
export function silenceOfAll(all: readonly Silenceable[], silences: readonly Silence[], at: number): Silence | null {
  let first: Silence | null = null;
  for (const what of all) {
    const silence = silenceOf(what, silences, at);
    if (!silence) return null;
    if (!first || silence.until < first.until) first = silence;
  }
  return first;
}

/** Who silenced it, until when in UTC, and why: for texts that are kept or sent, where nobody's zone is known. */
export function silencedText({ by, until, reason }: Pick<Silence, 'by' | 'until' | 'reason'>): string {
  const time = new Date(until).toISOString().slice(0, 16).replace('T', ' ');
  return `silenced by ${by} until ${time} UTC: ${reason}`;
}
