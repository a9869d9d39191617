import { minuteMs } from '../slo/series.ts';
import { minutesOf } from '../slo/windows.ts';
import { planProblems } from './declaration.ts';
import { type RolloutGuard, type RolloutPlan, type RolloutStage, usualRequests, usualWindow } from './plan.ts';

/** A plan as the form of a page sends it. */
export interface TypedPlan {
  /** A stage a line: `5 % for 10m`, `25 % for 1h by voice`. */
  stages: string;
  slos: string[];
  judge: 'service' | 'cohort';
  minRequests: number;
  resume: 'by-person' | 'when-calm';
  backTo: 'start' | 'step';
  shadow: boolean;
}

const usualStages = '1 % for 15m\n5 % for 15m\n25 % for 30m\n100 % for 1h';

/** What the form begins with: the declared plan, or careful steps. */
export function typedPlan(declared: RolloutPlan | null, slos: readonly string[], judge: TypedPlan['judge']): TypedPlan {
  const [first] = declared?.stages ?? [];
  const named = (first?.guards ?? []).flatMap(({ source }) => (source.kind === 'slo' ? [source.slo] : []));
  return {
    stages: declared ? declared.stages.map(stageLine).join('\n') : usualStages,
    slos: declared ? named : [...slos],
    judge: first?.guards.find(({ source }) => source.kind === 'slo')?.judge ?? judge,
    minRequests: first?.minRequests ?? usualRequests,
    resume: declared?.resume ?? 'by-person',
    backTo: declared?.backTo ?? 'start',
    shadow: declared?.shadow ?? false,
  };
}

/** A typed plan as a plan, or the first thing wrong with it and where. */
export function readTypedPlan(typed: TypedPlan): { plan: RolloutPlan } | { field: 'stages' | 'slos'; problem: string } {
  if (typed.slos.length === 0) {
    return { field: 'slos', problem: 'Choose at least one SLO to guard it: without one it is only a timetable.' };
  }
  const guards = typed.slos.map(
    (slo): RolloutGuard => ({ source: { kind: 'slo', slo }, over: null, judge: typed.judge }),
  );
  const stages: RolloutStage[] = [];
  for (const [index, line] of typed.stages.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [, percent = '', hold = '', approve = ''] =
      /^\s*(\d{1,3})\s*%?\s+(?:for\s+)?(\d+\s?[mhd])(?:\s+by\s+(.+?))?\s*$/.exec(line) ?? [];
    const minutes = minutesOf(hold.replace(/\s/, ''));
    if (minutes === null || Number(percent) < 1 || Number(percent) > 100) {
      return {
        field: 'stages',
        problem: `Line ${index + 1}: write a stage as “5 % for 10m”, or “25 % for 1h by voice”.`,
      };
    }
    stages.push({
      percent: Number(percent),
      hold: minutes * minuteMs,
      guards,
      minRequests: typed.minRequests,
      window: { ...usualWindow },
      approve: approve.split(',').flatMap((one) => one.trim() || []),
    });
  }
  if (stages.length === 0) return { field: 'stages', problem: 'Write at least one stage.' };
  if (stages.length > 20) return { field: 'stages', problem: 'At most 20 stages.' };
  const { backTo, resume, shadow } = typed;
  const plan: RolloutPlan = { stages, backTo, resume, shadow };
  const [wrong] = planProblems(plan);
  return wrong ? { field: 'stages', problem: `${wrong.message}${wrong.hint ? ` ${wrong.hint}` : ''}` } : { plan };
}

function stageLine({ percent, hold, approve }: RolloutStage): string {
  const minutes = Math.round(hold / minuteMs);
  const long = minutes % 1440 === 0 ? `${minutes / 1440}d` : minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
  return `${percent} % for ${long}${approve.length > 0 ? ` by ${approve.join(', ')}` : ''}`;
}
