import { canonicalValue } from '../audit/canonical.ts';
import type { AlertPolicyJson } from '../slo-export/cloud-monitoring-types.ts';
import type { WantedPolicy } from '../slo-export/export-slos.ts';
import { labelKeys } from '../slo-export/user-labels.ts';
import { type Difference, differences } from './differences.ts';
import { isOurs, type LivePolicy, labelsOf, ownedPart, watchedBy } from './live-policy.ts';

/** One request to Cloud Monitoring. `seen` is when the policy was last changed before the plan was made. */
export type PolicyChange =
  | { kind: 'create'; project: string; title: string; policy: AlertPolicyJson }
  | {
      kind: 'update';
      project: string;
      title: string;
      name: string;
      seen: string | null;
      policy: AlertPolicyJson;
      /** Fields that are sent, as protocol buffers spell them. */
      mask: string[];
      differences: Difference[];
      /** Who changed it in Cloud Monitoring since it was last applied; null when only our files moved. */
      drift: { by: string | null; at: string | null } | null;
    }
  | { kind: 'delete'; project: string; title: string; name: string; seen: string | null; reason: string };

/** What would bring Cloud Monitoring to what the files say. */
export interface PolicyPlan {
  changes: PolicyChange[];
  /** Policies of ours that are as they should be. */
  kept: number;
  /** Policies that are not ours, or that belong to SLOs which this plan was not given. */
  leftAlone: number;
  /** Titles of wanted policies that would notify nobody. */
  silent: string[];
}

/** How a plan is made. */
export interface PlanOptions {
  /** Label value that tells the policies of this catalog from another's. */
  catalog: string;
  /** Whether the files are the whole catalog: only then may a policy of ours be deleted. */
  whole: boolean;
  /** Channels that pages and tickets go to; empty leaves the channels of a policy as they are. */
  channels: { page: readonly string[]; ticket: readonly string[] };
  /** A short label-safe hash of a text. */
  fingerprint(text: string): string;
}

/** The plan for the `wanted` policies, from the `live` ones of every project it looked at. */
export function planPolicies(
  wanted: readonly WantedPolicy[],
  live: ReadonlyMap<string, readonly LivePolicy[]>,
  options: PlanOptions,
): PolicyPlan {
  const plan: PolicyPlan = { changes: [], kept: 0, leftAlone: 0, silent: [] };
  for (const [project, policies] of live) {
    const ours = policies.filter((policy) => isOurs(policy, options.catalog));
    plan.leftAlone += policies.length - ours.length;
    const claimed = new Set<LivePolicy>();
    for (const one of wanted.filter((other) => other.project === project)) {
      const policy = dressed(one.policy, options);
      const found = ours.find((other) => watchedBy(labelsOf(other)) === watchedBy(policy.userLabels));
      if (found) claimed.add(found);
      if (policy.enabled && channelsOf(policy, found).length === 0) plan.silent.push(policy.displayName);
      const change = found ? update(project, policy, found, options) : create(project, policy);
      if (change) plan.changes.push(change);
      else plan.kept++;
    }
    for (const policy of ours.filter((one) => !claimed.has(one)))
      if (options.whole) plan.changes.push(removal(project, policy, [...claimed]));
      else plan.leftAlone++;
  }
  return plan;
}

/** The text whose hash a plan is known by: what it would send, and what it was made from. */
export function planText({ changes }: PolicyPlan): string {
  return JSON.stringify(canonicalValue(changes));
}

/** The policy with the labels and channels that it gets from this catalog. */
function dressed(policy: AlertPolicyJson, options: PlanOptions): AlertPolicyJson {
  const channels = options.channels[policy.severity === 'CRITICAL' ? 'page' : 'ticket'];
  return {
    ...policy,
    userLabels: {
      ...policy.userLabels,
      [labelKeys.catalog]: options.catalog,
      [labelKeys.applied]: appliedMark(policy, options),
    },
    ...(channels.length > 0 ? { notificationChannels: [...channels].sort() } : {}),
  };
}

function appliedMark(body: AlertPolicyJson | Record<string, unknown>, { fingerprint }: PlanOptions): string {
  return fingerprint(JSON.stringify(canonicalValue(ownedPart(body))));
}

function create(project: string, policy: AlertPolicyJson): PolicyChange {
  return { kind: 'create', project, title: policy.displayName, policy };
}

function update(project: string, policy: AlertPolicyJson, live: LivePolicy, options: PlanOptions): PolicyChange | null {
  const [now, then] = [comparable(live.body, policy), comparable(policy, policy)];
  const found = differences(now, then);
  const labels = labelsOf(live);
  const applied = labels[labelKeys.applied];
  const moved = applied !== undefined && applied !== appliedMark(live.body, options);
  if (found.length === 0 && applied === policy.userLabels[labelKeys.applied]) return null;
  const fields = new Set(found.map(({ path }) => /^\w+/.exec(path)![0]));
  return {
    kind: 'update',
    project,
    title: policy.displayName,
    name: live.name,
    seen: live.changedAt,
    // Labels of others stay; ours say what was applied.
    policy: { ...policy, userLabels: { ...labels, ...policy.userLabels } },
    mask: [...fields, 'userLabels'].map(snake).sort(),
    differences: found,
    drift: moved ? { by: live.changedBy, at: live.changedAt } : null,
  };
}

/** What is compared: the fields that are ours, and the channels where the plan names some. */
function comparable(body: AlertPolicyJson | Record<string, unknown>, wanted: AlertPolicyJson): Record<string, unknown> {
  const channels = wanted.notificationChannels
    ? { notificationChannels: [...((body.notificationChannels as string[] | undefined) ?? [])].sort() }
    : {};
  return canonicalValue({ ...ownedPart(body), ...channels }) as Record<string, unknown>;
}

function channelsOf(policy: AlertPolicyJson, live: LivePolicy | undefined): readonly string[] {
  return policy.notificationChannels ?? (live?.body.notificationChannels as string[] | undefined) ?? [];
}

function removal(project: string, policy: LivePolicy, claimed: readonly LivePolicy[]): PolicyChange {
  const watched = watchedBy(labelsOf(policy));
  const isDouble = claimed.some((other) => watchedBy(labelsOf(other)) === watched);
  return {
    kind: 'delete',
    project,
    title: String(policy.body.displayName ?? policy.name),
    name: policy.name,
    seen: policy.changedAt,
    reason: isDouble
      ? 'another policy of ours watches the same tier'
      : 'no SLO here wants it: it is gone, or Cloud Monitoring is no longer its pager',
  };
}

const snake = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
