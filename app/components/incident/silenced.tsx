import { paging } from '../../domain/incident/status.ts';
import { type Silence, type Silenceable, silenceOf, silenceOfAll } from '../../domain/silence/silence.ts';
import { paths } from '../../paths.ts';
import { Time } from '../ui/time.tsx';
import type { IncidentView, SilencedPart } from './view.ts';

/** The silence to be shown of an incident; `of` finds what covers an SLO. */
export function silencedPart(
  alerts: IncidentView['alerts'],
  of: (slo: string, service: string) => Silenceable,
  silences: readonly Silence[],
  now: number,
): SilencedPart {
  const open = alerts.filter(({ clearedAt }) => clearedAt === null);
  const speaking = open.some(paging) ? open.filter(paging) : open;
  const about = speaking.map(({ slo, service }) => of(slo, service));
  const all = silenceOfAll(about, silences, now);
  const some = about.map((one) => silenceOf(one, silences, now)).find((one) => one !== null) ?? null;
  return { silence: all ?? some, all: all !== null };
}

/** Said under the title of an incident whose pages somebody keeps from leaving. */
export function SilencedLine({ view }: { view: IncidentView }) {
  const { silence, all } = view.silenced;
  const { incident } = view;
  if (!silence || incident.status === 'resolved') return null;
  return (
    <span className="mt-1 block text-dim">
      {all && incident.pagedAt === null && 'Would have told somebody, but it is '}
      {all && incident.pagedAt !== null && 'Somebody was told before; it is now '}
      {!all && 'A part of what burns is '}
      <a className="link" href={paths.silence(silence.id)}>
        silenced by {silence.by} until <Time at={silence.until} />
      </a>
      : {silence.reason}
    </span>
  );
}
