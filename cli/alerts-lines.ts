import type { Difference } from '#app/domain/alert-policy/differences.ts';
import type { PolicyChange } from '#app/domain/alert-policy/plan.ts';
import type { MadePlan } from './alerts-options.ts';

/** A plan as lines for people, without what it is applied by. */
export function planLines({ plan, projects, slos }: MadePlan): string[] {
  const count = (kind: PolicyChange['kind']) => plan.changes.filter((change) => change.kind === kind).length;
  const lines = plan.changes.flatMap(changeLines);
  for (const title of plan.silent)
    lines.push(`! ${title}: no notification channel, so it tells nobody. Give --page-channel or --ticket-channel.`);
  lines.push(...slos.flatMap(sloLines));
  lines.push(
    `${projects.length === 0 ? 'No project' : projects.join(', ')}: ${count('create')} to create, ${count('update')} to update, ${count('delete')} to delete, ${plan.kept} as they should be, ${plan.leftAlone} left alone.`,
  );
  return lines;
}

/** A change as one line, and a line for each value that it moves. */
function changeLines(change: PolicyChange): string[] {
  if (change.kind === 'create')
    return [`+ create ${change.title}`, ...change.policy.conditions.map(({ displayName }) => `    ${displayName}`)];
  if (change.kind === 'delete') return [`- delete ${change.title} (${change.name})`, `    ${change.reason}`];
  const { drift } = change;
  return [
    `~ update ${change.title} (${change.name})`,
    ...(drift
      ? [`    drift: changed in Cloud Monitoring by ${drift.by ?? 'somebody'} at ${drift.at ?? 'an unknown time'}`]
      : []),
    ...change.differences.map(differenceLine),
    ...(change.differences.length === 0 ? ['    only the mark of what was applied'] : []),
  ];
}

function sloLines({ name, differences }: MadePlan['slos'][number]): string[] {
  return differences
    ? [`! ${name} in Cloud Monitoring is not what the file says:`, ...differences.map(differenceLine)]
    : [`! ${name} is not in Cloud Monitoring, so its policies could not fire. Create it from "slo export" first.`];
}

const differenceLine = ({ path, from, to }: Difference) => `    ${path}: ${shown(from)} → ${shown(to)}`;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
