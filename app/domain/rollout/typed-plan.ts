import { minuteMs } from '../slo/series.ts';
import { minutesOf } from '../slo/windows.ts';
import { planProblems } from './declaration.ts';
import {
  guardName,
  type RolloutGuard,
  type RolloutPlan,
  type RolloutStage,
  usualRequests,
  usualWindow,
} from './plan.ts';

/** A plan as the form of a page sends it. */
export interface TypedPlan {
  /** A stage a line: `5 % for 10m`, `25 % for 1h by voice`. */
  stages: string;
  slos: string[];
  /** Keys of the declared guards that the form has no fields for, and that stay. */
  kept: string[];
  judge: 'service' | 'cohort';
  minRequests: number;
  resume: 'by-person' | 'when-calm';
  backTo: 'start' | 'step';
  shadow: boolean;
}

const usualStages = '1 % for 15m\n5 % for 15m\n25 % for 30m\n100 % for 1h';

/** A declared guard that a form can only keep as it is: of metrics or a variant, with its own burn, or with others judged than the rest. */
export interface KeptGuard {
  key: string;
  guard: RolloutGuard;
}

/** The guards of a declared plan that a form has no fields for, each once. */
export function guardsToKeep(declared: RolloutPlan | null): KeptGuard[] {
  const all = (declared?.stages ?? []).flatMap(({ guards }) => guards);
  const judge = formsJudge(declared);
  const found = new Map<string, KeptGuard>();
  for (const guard of all) {
    const { source, over, variant } = guard;
    if (source.kind === 'slo' && over === null && variant === undefined && guard.judge === judge) continue;
    const key = [source.kind, guardName(guard), over ?? ''].join('/');
    found.set(key, { key, guard });
  }
  return [...found.values()];
}

/** True where a file asks for other guards, requests or windows at one stage than at another: a form says one for all. */
export function differsByStage({ stages }: RolloutPlan): boolean {
  const said = stages.map(({ guards, minRequests, window }) => JSON.stringify({ guards, minRequests, window }));
  return new Set(said).size > 1;
}

/** Stages of a form begun at `percent`: what comes up to there is one stage, watched and approved as its last one was. */
export function beginningAt(stages: string, percent: number): string {
  const lines = stages.split('\n');
  const share = (line: string) => Number.parseInt(line, 10);
  const last = lines.findLast((line) => share(line) <= percent) ?? lines[0] ?? '';
  const first = last.replace(/^\d+/, String(percent));
  return [first, ...lines.filter((line) => share(line) > percent)].join('\n');
}

function formsJudge(declared: RolloutPlan | null): TypedPlan['judge'] | null {
  const all = (declared?.stages ?? []).flatMap(({ guards }) => guards);
  return all.find(({ source }) => source.kind === 'slo')?.judge ?? null;
}

/** What the form begins with: the declared plan, or careful steps. */
export function typedPlan(declared: RolloutPlan | null, slos: readonly string[], judge: TypedPlan['judge']): TypedPlan {
  const [first] = declared?.stages ?? [];
  const kept = guardsToKeep(declared);
  const others = (declared?.stages ?? [])
    .flatMap(({ guards }) => guards)
    .filter((guard) => !kept.some((one) => JSON.stringify(one.guard) === JSON.stringify(guard)));
  const named = [...new Set(others.flatMap(({ source }) => (source.kind === 'slo' ? [source.slo] : [])))];
  return {
    stages: declared ? declared.stages.map(stageLine).join('\n') : usualStages,
    slos: declared ? named : [...slos],
    kept: kept.map(({ key }) => key),
    judge: formsJudge(declared) ?? judge,
    minRequests: first?.minRequests ?? usualRequests,
    resume: declared?.resume ?? 'by-person',
    backTo: declared?.backTo ?? 'start',
    shadow: declared?.shadow ?? false,
  };
}

/** A typed plan as a plan, or the first thing wrong with it and where. What a form does not ask for is as `declared` says. */
export function readTypedPlan(
  typed: TypedPlan,
  declared: RolloutPlan | null,
): { plan: RolloutPlan } | { field: 'stages' | 'slos'; problem: string } {
  const known = guardsToKeep(declared);
  const kept = typed.kept.map((key) => known.find((one) => one.key === key)?.guard);
  if (kept.includes(undefined)) {
    return {
      field: 'slos',
      problem: 'Its file has changed since: it declares one of these guards no more. Choose again.',
    };
  }
  const guards = [
    ...typed.slos.map((slo): RolloutGuard => ({ source: { kind: 'slo', slo }, over: null, judge: typed.judge })),
    ...kept.filter((guard) => guard !== undefined),
  ];
  if (guards.length === 0) {
    return { field: 'slos', problem: 'Choose at least one guard: without one it is only a timetable.' };
  }
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
      window: { ...(declared?.stages[0]?.window ?? usualWindow) },
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
