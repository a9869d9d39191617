import { objectiveText } from '../slo/figures.ts';
import { guardName, type RolloutGuard, type RolloutPlan } from './plan.ts';

/** What a guard counts in plain words, and what its two counts ask for, where it has two. */
export interface GuardCount {
  guard: string;
  counts: string;
  asks: { where: string; total: string; bad: string } | null;
}

/** What each guard of a plan counts, each guard once in the order of the stages. */
export function guardsCount(plan: Pick<RolloutPlan, 'stages'>): GuardCount[] {
  const found = new Map<string, GuardCount>();
  for (const guard of plan.stages.flatMap(({ guards }) => guards)) {
    const name = guardName(guard);
    found.set(name, { guard: name, counts: guardCounts(guard), asks: asksOf(guard) });
  }
  return [...found.values()];
}

function asksOf({ source }: RolloutGuard): GuardCount['asks'] {
  if (source.kind === 'slo') return null;
  const { total, bad } = source;
  return { where: source.kind === 'metric' ? `the project ${source.project}` : 'Unleash', total, bad };
}

/** "requests of those who have it, from Unleash impact metrics; 2 % or more bad ones are harm". */
export function guardCounts({ source, judge, variant }: RolloutGuard): string {
  const who = variant === undefined ? 'those who have it' : `those who have ${variant}`;
  const of = judge === 'cohort' ? `requests of ${who}` : 'requests of the whole service';
  switch (source.kind) {
    case 'slo':
      return judge === 'cohort' ? `${of}, from Cloud Monitoring` : 'what the SLO counts, of the whole service';
    case 'metric':
      return `${of}, from two metrics of Cloud Monitoring; ${harm(source.under)}`;
    case 'impact':
      return `${of}, from Unleash impact metrics; ${harm(source.under)}`;
  }
}

function harm(under: number): string {
  return `${objectiveText(under)} or more bad ones are harm`;
}
