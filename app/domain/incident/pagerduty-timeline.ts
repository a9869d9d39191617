import type { PagerDutyIncident, PagerDutyLogEntry, TimelineEntry } from './incident.ts';

/** How a note begins that Firebreak writes by itself, in the name of the PagerDuty user it has. */
export const noteMark = 'Firebreak: ';

type Keyed = TimelineEntry & { key: string };

const kinds: Record<PagerDutyLogEntry['kind'], TimelineEntry['kind'] | null> = {
  triggered: 'pagerduty',
  acknowledged: 'acknowledge',
  resolved: 'pagerduty',
  escalated: 'told',
  assigned: 'told',
  notified: 'told',
  note: 'note',
  other: null,
};

/** PagerDuty's log in our timeline's words. Keys are its entries' ids, so that reading the log again adds nothing. */
export function fromLog(incident: PagerDutyIncident, log: readonly PagerDutyLogEntry[]): Keyed[] {
  const first = log.find((entry) => entry.kind === 'triggered');
  return log.flatMap((entry) => {
    const kind = kinds[entry.kind];
    // A trigger that joined what was open says nothing new.
    if (!kind || (entry.kind === 'triggered' && entry !== first)) return [];
    // What we wrote there ourselves stands in the timeline already.
    if (kind === 'note' && entry.text.startsWith(noteMark)) return [];
    return [
      {
        key: `pagerduty/${entry.id}`,
        at: entry.at,
        kind,
        text: words(incident, entry),
        actor: entry.by,
        href: incident.url,
      },
    ];
  });
}

/** What the incident's own fields tell where its log cannot be read. */
export function fromState(incident: PagerDutyIncident): Keyed[] {
  const entry = (key: string, at: number, kind: TimelineEntry['kind'], text: string, actor: string | null = null) => ({
    key: `pagerduty/${incident.id}/${key}`,
    at,
    kind,
    text,
    actor,
    href: incident.url,
  });
  const entries = [
    entry('triggered', incident.createdAt, 'pagerduty', `${name(incident)} opened: ${incident.title.split(' · ')[0]}`),
  ];
  for (const person of incident.acknowledgedBy) {
    const at = incident.updatedAt ?? incident.createdAt;
    entries.push(
      entry(`acknowledged/${person}`, at, 'acknowledge', `${person} acknowledged ${name(incident)}`, person),
    );
  }
  if (incident.status === 'resolved') {
    const at = incident.resolvedAt ?? incident.updatedAt ?? incident.createdAt;
    entries.push(entry('resolved', at, 'pagerduty', `${name(incident)} was resolved`));
  }
  return entries;
}

/** How people speak of it: "PagerDuty #42". */
export function name(incident: Pick<PagerDutyIncident, 'id' | 'number'>): string {
  return `PagerDuty ${incident.number === null ? incident.id : `#${incident.number}`}`;
}

function words(incident: PagerDutyIncident, { kind, by, text }: PagerDutyLogEntry): string {
  const who = by ?? 'Somebody';
  switch (kind) {
    case 'triggered':
      return `${name(incident)} opened: ${incident.title.split(' · ')[0]}`;
    case 'acknowledged':
      return `${who} acknowledged ${name(incident)}`;
    case 'resolved':
      return by === null ? `${name(incident)} was resolved` : `${by} resolved ${name(incident)}`;
    default:
      return text;
  }
}
