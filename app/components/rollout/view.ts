import type { Catalog } from '../../domain/catalog.ts';
import { decisionEvent, type RolloutDecision, rolloutDecisions } from '../../domain/rollout/decision.ts';
import { guardFacts, planSight } from '../../domain/rollout/facts.ts';
import { rollRefusal } from '../../domain/rollout/permission.ts';
import { factorOf } from '../../domain/rollout/plan.ts';
import type { Rollout, RolloutEntry, RolloutRun } from '../../domain/rollout/rollout.ts';
import { whyNotApproveStage } from '../../domain/rollout/stage-approval.ts';
import type { StageSight } from '../../domain/rollout/visible-harm.ts';
import { nextStepAt, waitsForWords } from '../../domain/rollout/words.ts';
import type { Actor } from '../../domain/run/run.ts';
import type { BurnPoint } from '../../domain/slo/evaluation.ts';

/** What a person may decide now, and why not where they may not. */
export interface RolloutOffer {
  wish: RolloutDecision;
  why: string | null;
}

/** Everything on a rollout's page. */
export interface RolloutPageData {
  rollout: Rollout;
  sights: StageSight[];
  /** When the next step comes, as far as the data let it; null while none does. */
  nextAt: number | null;
  /** What it waits for besides time; null for nothing. */
  waitsFor: string | null;
  offers: RolloutOffer[];
  owners: string[];
  entries: RolloutEntry[];
  runs: RolloutRun[];
  chart: RolloutChart | null;
}

/** Burn of the SLO that guards the present stage, over the time of the rollout. */
export interface RolloutChart {
  slo: string;
  title: string;
  objective: number;
  threshold: number;
  points: BurnPoint[];
  from: number;
  to: number;
  dataTo: number | null;
}

/** The offers on a rollout, in the order in which they stand. */
export function offersOf(
  rollout: Rollout,
  actor: Pick<Actor, 'role' | 'email' | 'teams'>,
  catalog: Pick<Catalog, 'flags'> | null,
): RolloutOffer[] {
  const owners = ownersOfFlag(rollout, catalog);
  return rolloutDecisions
    .filter((wish) => decisionEvent(wish, rollout) !== null)
    .map((wish) => {
      const why = rollRefusal(actor, rollout.subject, owners, wish);
      return { wish, why: why ?? (wish === 'approve-stage' ? whyNotApproveStage(rollout, actor) : null) };
    });
}

function ownersOfFlag({ subject }: Pick<Rollout, 'subject'>, catalog: Pick<Catalog, 'flags'> | null): string[] | null {
  if (subject.kind !== 'flag') return null;
  return catalog?.flags.find(({ name }) => name === subject.flag)?.owners ?? null;
}

/** Who owns what is rolled out: a flag's owners, or the service's team. */
export function ownersOf(rollout: Pick<Rollout, 'subject' | 'service'>, catalog: Catalog | null): string[] {
  if (rollout.subject.kind === 'flag') return ownersOfFlag(rollout, catalog) ?? [];
  return (catalog?.services ?? []).filter(({ id }) => id === rollout.service).map(({ owner }) => owner);
}

/** What each stage's guards see, and when the next step comes. */
export function outlook(
  rollout: Rollout,
  catalog: Pick<Catalog, 'slos'>,
): Pick<RolloutPageData, 'sights' | 'nextAt' | 'waitsFor'> {
  const settle = Math.max(0, ...guardFacts(rollout.plan.stages[rollout.stage]!, catalog).map((one) => one.settle));
  return {
    sights: planSight(rollout.plan, catalog),
    nextAt: nextStepAt(rollout, settle),
    waitsFor: waitsForWords(rollout, settle),
  };
}

/** The SLO whose burn is drawn: the first that guards the present stage; null where only metrics do. */
export function chartedSlo(
  { plan, stage }: Rollout,
  catalog: Pick<Catalog, 'slos'>,
): Pick<RolloutChart, 'slo' | 'title' | 'objective' | 'threshold'> | null {
  for (const guard of plan.stages[stage]!.guards) {
    const { source } = guard;
    const slo = source.kind === 'slo' ? catalog.slos.find(({ id }) => id === source.slo) : undefined;
    if (slo) return { slo: slo.id, title: slo.title, objective: slo.objective, threshold: factorOf(guard) };
  }
  return null;
}

const before = 15 * 60_000;
const longest = 24 * 3_600_000;

/** The stretch that is drawn: from a quarter of an hour before the first step on, a day at most. */
export function chartedTime(
  { openedAt, endedAt }: Rollout,
  entries: readonly RolloutEntry[],
  now: number,
): { from: number; to: number } {
  const to = endedAt === null ? now : Math.min(now, endedAt + before);
  const first = entries.find(({ percent }) => percent !== null)?.at ?? openedAt;
  // A whole minute, so that the first point stands on the axis and not left of it.
  const from = Math.floor(Math.max(first - before, to - longest) / 60_000) * 60_000;
  return { from, to };
}
