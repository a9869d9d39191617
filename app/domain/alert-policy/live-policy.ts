import type { AlertPolicyJson } from '../slo-export/cloud-monitoring-types.ts';
import { labelKeys, madeByUs } from '../slo-export/user-labels.ts';

/** An alert policy as Cloud Monitoring has it now. */
export interface LivePolicy {
  /** `projects/{project}/alertPolicies/{id}`. */
  name: string;
  /** Its JSON without what the server adds: name, names of conditions, records of changes. */
  body: Record<string, unknown>;
  /** When it was last changed, RFC 3339, and by whom; null where the server does not say. */
  changedAt: string | null;
  changedBy: string | null;
}

/** Fields that are ours in a policy of ours. All others (strategy, channels nobody named, labels of others) are left alone. */
const ownedFields = ['displayName', 'documentation', 'conditions', 'combiner', 'enabled', 'severity'] as const;

/** The user labels of a live policy. */
export function labelsOf({ body }: LivePolicy): Record<string, string> {
  return (body.userLabels as Record<string, string> | undefined) ?? {};
}

/** True for a policy that we made for this catalog; any other is never touched. */
export function isOurs(policy: LivePolicy, catalog: string): boolean {
  const labels = labelsOf(policy);
  return labels[labelKeys.made] === madeByUs && labels[labelKeys.catalog] === catalog;
}

/** What a policy of ours watches: its SLO and tier. */
export function watchedBy(labels: Record<string, string>): string {
  return `${labels[labelKeys.slo] ?? ''} ${labels[labelKeys.tier] ?? ''}`;
}

/** The fields that are ours, without values that protocol buffers take for absent: equal policies give equal values. */
export function ownedPart(body: Record<string, unknown> | AlertPolicyJson): Record<string, unknown> {
  const part = Object.fromEntries(ownedFields.map((field) => [field, withoutDefaults(body[field])]));
  // An absent "enabled" is an enabled policy.
  return { ...part, enabled: body.enabled !== false };
}

/** A JSON value without what protocol buffers take for absent: empty, 0, false and unspecified. Undefined when nothing is left. */
export function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((one) => withoutDefaults(one) ?? {});
  if (typeof value !== 'object' || value === null) {
    const absent = value === null || value === '' || value === 0 || value === false;
    return absent || (typeof value === 'string' && value.endsWith('_UNSPECIFIED')) ? undefined : value;
  }
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, withoutDefaults(inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
