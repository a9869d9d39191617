import { objectiveText } from '../slo/figures.ts';
import { guardName, type RolloutGuard, type RolloutPlan } from './plan.ts';

/** What each guard of a plan counts, in plain words, each guard once in the order of the stages. */
export function guardsCount(plan: Pick<RolloutPlan, 'stages'>): { guard: string; counts: string }[] {
  const words = new Map<string, string>();
  for (const guard of plan.stages.flatMap(({ guards }) => guards)) words.set(guardName(guard), guardCounts(guard));
  return [...words].map(([guard, counts]) => ({ guard, counts }));
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
