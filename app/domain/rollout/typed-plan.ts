import { minuteMs } from '../slo/series.ts';
import { minutesOf } from '../slo/windows.ts';
import { planProblems, windowSchema } from './declaration.ts';
import {
  guardName,
  type RolloutGuard,
  type RolloutPlan,
  type RolloutStage,
  type RolloutSubject,
  usualRequests,
  usualWindow,
} from './plan.ts';
import { noGuards, readWrittenGuards, type WrittenField, type WrittenGuards } from './written-guards.ts';

/** A plan as the form of a page sends it. */
export interface TypedPlan {
  /** A stage a line: `5 % for 10m`, `25 % for 1h by voice`. */
  stages: string;
  slos: string[];
  /** Keys of the declared guards that the form has no fields for, and that stay or were chosen. */
  kept: string[];
  /** Guards by counts that no file declares. */
  written: WrittenGuards;
  judge: 'service' | 'cohort';
  minRequests: number;
  /** The two windows, as files write them: `5m`, `1h`. */
  short: string;
  long: string;
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

/** What a form may take guards from, beside the SLOs and its subject's own plan. */
export interface GuardsAround {
  subject: RolloutSubject;
  /** Those that other files declare. */
  elsewhere: readonly KeptGuard[];
  /** Projects of Google Cloud whose metrics a guard may count. */
  projects: readonly string[];
}

/** A guard with the key by which a form names it. */
export function keptGuard(guard: RolloutGuard): KeptGuard {
  return { key: [guard.source.kind, guardName(guard), guard.over ?? ''].join('/'), guard };
}

/** The guards of a declared plan that a form has no fields for, each once. */
export function guardsToKeep(declared: RolloutPlan | null): KeptGuard[] {
  const all = (declared?.stages ?? []).flatMap(({ guards }) => guards);
  const judge = formsJudge(declared);
  const found = new Map<string, KeptGuard>();
  for (const guard of all) {
    const { source, over, variant } = guard;
    if (source.kind === 'slo' && over === null && variant === undefined && guard.judge === judge) continue;
    const one = keptGuard(guard);
    found.set(one.key, one);
  }
  return [...found.values()];
}

/** True where a file asks for other guards, requests or windows at one stage than at another: a form says one for all. */
export function differsByStage({ stages }: RolloutPlan): boolean {
  const said = stages.map(({ guards, minRequests, window }) => JSON.stringify({ guards, minRequests, window }));
  return new Set(said).size > 1;
}

function formsJudge(declared: RolloutPlan | null): TypedPlan['judge'] | null {
  const all = (declared?.stages ?? []).flatMap(({ guards }) => guards);
  return all.find(({ source }) => source.kind === 'slo')?.judge ?? null;
}

/** What the form begins with: the declared plan, or careful steps. */
export function typedPlan(
  declared: RolloutPlan | null,
  slos: readonly string[],
  judge: TypedPlan['judge'],
  projects: readonly string[],
): TypedPlan {
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
    written: noGuards(projects),
    judge: formsJudge(declared) ?? judge,
    minRequests: first?.minRequests ?? usualRequests,
    short: lengthText(first?.window.short ?? usualWindow.short),
    long: lengthText(first?.window.long ?? usualWindow.long),
    resume: declared?.resume ?? 'by-person',
    backTo: declared?.backTo ?? 'start',
    shadow: declared?.shadow ?? false,
  };
}

/** A field of the form at which something is wrong. */
export type PlanField = 'stages' | 'slos' | 'short' | 'long' | WrittenField;
type Refused = { field: PlanField; problem: string };

/** A typed plan as a plan, or the first thing wrong with it and where. */
export function readTypedPlan(
  typed: TypedPlan,
  declared: RolloutPlan | null,
  around: GuardsAround,
): { plan: RolloutPlan } | Refused {
  const chosen = chosenGuards(typed, declared, around);
  if ('problem' in chosen) return chosen;
  const window = windowSchema.safeParse({ short: typed.short.trim(), long: typed.long.trim() });
  if (!window.success) {
    const field = window.error.issues[0]!.path[0] === 'long' ? 'long' : 'short';
    return { field, problem: 'Write a window as a whole number and a unit, of 1 min to 14 d: 5m, 1h.' };
  }
  const each = {
    guards: chosen.guards,
    minRequests: typed.minRequests,
    window: { short: minutesOf(window.data.short)!, long: minutesOf(window.data.long)! },
  };
  const stages: RolloutStage[] = [];
  for (const [index, line] of typed.stages.split('\n').entries()) {
    if (line.trim() === '') continue;
    const stage = readStageLine(line);
    if (!stage) {
      const problem = `Line ${index + 1}: write a stage as “5 % for 10m”, or “25 % for 1h by voice”.`;
      return { field: 'stages', problem };
    }
    stages.push({ ...each, ...stage });
  }
  if (stages.length === 0) return { field: 'stages', problem: 'Write at least one stage.' };
  if (stages.length > 20) return { field: 'stages', problem: 'At most 20 stages.' };
  const { backTo, resume, shadow } = typed;
  const plan: RolloutPlan = { stages, backTo, resume, shadow };
  const [wrong] = planProblems(plan);
  if (!wrong) return { plan };
  const problem = `${wrong.message}${wrong.hint ? ` ${wrong.hint}` : ''}`;
  return { field: wrong.path.at(-1) === 'window' ? 'short' : 'stages', problem };
}

/** Every guard that is ticked or written; no two of one name, since verdicts call them by it. */
function chosenGuards(
  typed: TypedPlan,
  declared: RolloutPlan | null,
  { subject, elsewhere, projects }: GuardsAround,
): { guards: RolloutGuard[] } | Refused {
  const known = [...guardsToKeep(declared), ...elsewhere];
  const kept = typed.kept.map((key) => known.find((one) => one.key === key)?.guard);
  if (kept.includes(undefined)) {
    const problem = 'Its file has changed since: it declares one of these guards no more. Choose again.';
    return { field: 'slos', problem };
  }
  const written = readWrittenGuards(typed.written, subject, projects);
  if ('problem' in written) return written;
  const guards = [
    ...typed.slos.map((slo): RolloutGuard => ({ source: { kind: 'slo', slo }, over: null, judge: typed.judge })),
    ...kept.filter((guard) => guard !== undefined),
    ...written.guards,
  ];
  if (guards.length === 0) {
    return { field: 'slos', problem: 'Choose at least one guard: without one it is only a timetable.' };
  }
  if (guards.length > 10) return { field: 'slos', problem: 'At most 10 guards watch a stage.' };
  const twice = guards.find((guard, index) => isCounted(guard) && guards.some(sameName(guard, index)));
  if (!twice) return { guards };
  const problem = `Two guards are called “${guardName(twice)}”: verdicts name them, so give one another name.`;
  const own = written.guards.findLast((guard) => guardName(guard) === guardName(twice));
  return { field: own ? `${own.source.kind === 'impact' ? 'impact' : 'metric'}Name` : 'slos', problem };
}

const isCounted = ({ source }: RolloutGuard) => source.kind !== 'slo';
const sameName = (guard: RolloutGuard, index: number) => (other: RolloutGuard, at: number) =>
  at !== index && guardName(other) === guardName(guard);

function readStageLine(line: string): Pick<RolloutStage, 'percent' | 'hold' | 'approve'> | null {
  const [, percent = '', hold = '', approve = ''] =
    /^\s*(\d{1,3})\s*%?\s+(?:for\s+)?(\d+\s?[mhd])(?:\s+by\s+(.+?))?\s*$/.exec(line) ?? [];
  const minutes = minutesOf(hold.replace(/\s/, ''));
  if (minutes === null || Number(percent) < 1 || Number(percent) > 100) return null;
  return {
    percent: Number(percent),
    hold: minutes * minuteMs,
    approve: approve.split(',').flatMap((one) => one.trim() || []),
  };
}

function stageLine({ percent, hold, approve }: RolloutStage): string {
  const long = lengthText(Math.round(hold / minuteMs));
  return `${percent} % for ${long}${approve.length > 0 ? ` by ${approve.join(', ')}` : ''}`;
}

/** Minutes as files write them: `90m`, `1h`, `2d`. */
function lengthText(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}
