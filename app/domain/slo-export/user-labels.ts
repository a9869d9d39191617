import type { ExportInput } from './exported.ts';

/** Labels of ours on what we make in Cloud Monitoring; whatever lacks `made` is not ours. */
export const labelKeys = {
  made: 'made-by',
  catalog: 'firebreak-catalog',
  slo: 'firebreak-slo',
  tier: 'firebreak-tier',
  applied: 'firebreak-applied',
  owner: 'firebreak-owner',
  paging: 'firebreak-paging',
  profile: 'firebreak-burn-profile',
  runbook: 'firebreak-runbook',
  minBadEvents: 'firebreak-min-bad-events',
} as const;

/** The value of the label `made-by`. */
export const madeByUs = 'firebreak';

/** True for text that Cloud Monitoring takes as a label: up to 63 lower-case letters, digits, dashes and underscores. */
export function isLabelValue(text: string): boolean {
  return /^[a-z0-9_-]{1,63}$/.test(text);
}

/** What OpenSLO says in annotations and Cloud Monitoring has no field for, so that an import finds it again. */
export function sloLabels({ slo, profile }: ExportInput): Record<string, string> {
  return onlyLabels({
    [labelKeys.made]: madeByUs,
    [labelKeys.paging]: slo.paging,
    [labelKeys.profile]: profile.name,
    [labelKeys.runbook]: slo.runbook,
    [labelKeys.minBadEvents]: String(slo.minBadEvents),
  });
}

/** The entries whose values can be labels. */
export function onlyLabels(entries: Record<string, string | null>): Record<string, string> {
  const kept = Object.entries(entries).filter(
    (entry): entry is [string, string] => entry[1] !== null && isLabelValue(entry[1]),
  );
  return Object.fromEntries(kept);
}
