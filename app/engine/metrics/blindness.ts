import type { Catalog } from '../../domain/catalog.ts';
import { plural } from '../../domain/plural.ts';
import { sourceNamed } from '../../domain/slo/data-source.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { type SourceState, unread } from '../../domain/slo/source-state.ts';

/** A source blind for this long pages its owner, once. */
const blindAfterMs = 10 * 60_000;
/** SLOs that are named; there may be thousands. */
export const mostNamed = 20;

/** A source that blinds `blind` of its `slos`. */
export interface Blindness {
  from: string;
  slos: Slo[];
  blind: Slo[];
}

/** What the engines that evaluate have found of each SLO's source, by SLO. */
export type SourceStates = ReadonlyMap<string, SourceState>;

/** Since when (ms) an SLO has been without data, once that is long enough to wake somebody; null before. */
export function blindSince(states: SourceStates, { id }: Pick<Slo, 'id'>, now: number): number | null {
  const { error, errorAt, readAt, silentFrom } = states.get(id) ?? unread;
  const since = error === null ? silentFrom : (silentFrom ?? readAt ?? errorAt);
  return since !== null && now - since >= blindAfterMs ? since : null;
}

/** True for an SLO whose source was read and gave what was due. */
export function sees(states: SourceStates, { id }: Pick<Slo, 'id'>): boolean {
  const { error, silentFrom, readAt } = states.get(id) ?? unread;
  return error === null && silentFrom === null && readAt !== null;
}

/** When (ms) the first of these became blind. */
export function blindFrom(states: SourceStates, slos: readonly Slo[], now: number): number {
  return Math.min(...slos.map((slo) => blindSince(states, slo, now) ?? now));
}

/** The title of a blind source's incident, and the line that says why and what is unwatched. `since` and `now` in ms. */
export function describeBlindness(
  states: SourceStates,
  sources: Catalog['sources'],
  { from, slos, blind }: Blindness,
  since: number,
  now: number,
): { title: string; text: string } {
  const name = sourceNamed(sources ?? [], from)?.title ?? `Cloud Monitoring of ${from}`;
  const part = slos.some((slo) => sees(states, slo)) ? ` for ${blind.length} of its ${plural(slos.length, 'SLO')}` : '';
  const error = blind.map(({ id }) => states.get(id)?.error ?? null).find((one) => one !== null) ?? null;
  const minutes = Math.round((now - since) / 60_000);
  const why = error ? `it does not answer (${error})` : 'it answers, but no new point has come';
  return {
    title: `Blind: ${name} gives no data${part}`,
    text: `${name} is blind${part} for ${minutes} min: ${why}. Until it sees again ${unwatched(blind)}, and no alert fires or clears: ${titlesOf(blind)}.`,
  };
}

/** "one SLO is unwatched", "12 SLOs are unwatched". */
export function unwatched(blind: readonly Slo[]): string {
  return `${blind.length === 1 ? 'one SLO is' : `${blind.length} SLOs are`} unwatched`;
}

function titlesOf(slos: readonly Slo[]): string {
  const titles = slos.slice(0, mostNamed).map(({ title }) => title);
  return [...titles, ...(slos.length > mostNamed ? [`and ${slos.length - mostNamed} more`] : [])].join(', ');
}
