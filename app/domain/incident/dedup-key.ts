/** What a PagerDuty event of ours is about: the page of an incident, or its ticket. */
export type DedupLevel = 'page' | 'ticket';

/** Events v2 dedup key of one of our incidents. It names the incident, so that the first event already carries the link. */
export function dedupKey(incident: string, level: DedupLevel): string {
  return `firebreak/${incident}/${level}`;
}

/** The incident that a dedup key names; null for keys that are not ours. */
export function parseDedupKey(key: string): { incident: string; level: DedupLevel } | null {
  const match = /^firebreak\/([^/]+)\/(page|ticket)$/.exec(key);
  return match?.[1] ? { incident: match[1], level: match[2] as DedupLevel } : null;
}
