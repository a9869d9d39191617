import type { FlagDeclaration } from '../flag/flag.ts';
import { dependenciesOf } from '../service/dependencies.ts';
import type { Service } from '../service/service.ts';
import { countText, durationText } from '../slo/figures.ts';
import { chanceAsHigh } from '../slo/statistics.ts';
import type { Change, Cohorts, Evidence, Reversal, Suspect, SuspectList } from './change.ts';
import { type Comparison, compare, comparisonText, sides } from './comparison.ts';
import { flagReversal, movedTarget, revisionReversal } from './reversal.ts';
import type { RevisionFacts } from './rollback.ts';
import { firstErrors, verdictOf } from './verdict.ts';

const minute = 60_000;
/** Changes further back than this before the first errors are not weighed. */
const horizon = 24 * 60 * minute;
/** A change this close before the first errors is some evidence by itself. */
const close = 60 * minute;

const none = { bad: 0, total: 0 };

/** What changes are weighed against. Times ms. */
export interface WeighInput {
  incident: {
    service: string | null;
    slo: string | null;
    onset: number | null;
    /** What began at the onset; "the first errors" unless told otherwise. */
    began?: string;
  };
  changes: readonly Change[];
  services: readonly Pick<Service, 'id' | 'dependsOn' | 'kind'>[];
  flags: readonly FlagDeclaration[];
  /** Objective of the SLO that burns, for the expected burn; null when none does. */
  evaluation: { objective: number } | null;
  /** Counts by flag since the onset, of the very events that the SLO counts; without an entry there is no comparison. */
  cohortsByFlag: Readonly<Record<string, Cohorts | null | undefined>>;
  revisions: readonly RevisionFacts[];
  /** Flags that already stand at their safe state: there is nothing to kill. */
  safeFlags?: readonly string[];
  /** The Unleash environment that the console watches. */
  environment: string;
  now: number;
}

/**
 * Weighs every change before the first errors, likeliest first, with reasons in words. Strong evidence needs all of: before the
 * onset, same service or a dependency, and counts with and without it that explain the burn. Only that may stand in
 * the main place, a revision only if going back is known to be safe. A change after the onset is never a suspect.
 */
export function weigh(input: WeighInput): SuspectList {
  const { incident, environment, now } = input;
  const onset = incident.onset;
  // The onset is a minute: what happened within it may have come first.
  const latest = onset === null ? now : onset + minute;
  const candidates = input.changes.filter(
    ({ at, environment: where }) =>
      at < latest && at >= (onset ?? now) - horizon && (where === null || where === environment),
  );
  const newest = new Map<string, Change>();
  for (const change of candidates) {
    const target = movedTarget(change, environment);
    const held = target && newest.get(target);
    if (target && (!held || change.at > held.at)) newest.set(target, change);
  }
  const suspects = candidates
    .map((change) => {
      const target = movedTarget(change, environment);
      return weighOne(input, change, target === null || newest.get(target) === change);
    })
    .sort((a, b) => b.score - a.score || b.change.at - a.change.at);
  const strong = suspects.filter(({ evidence }) => evidence === 'strong');
  const main = strong.find(({ reversal }) => reversal && (reversal.rollback ?? 'safe') === 'safe') ?? null;
  const explained = strong.length > 0;
  return { suspects, main, explained, verdict: explained ? null : verdictOf(input, suspects) };
}

function weighOne(input: WeighInput, change: Change, isLatest: boolean): Suspect {
  const { incident, evaluation, safeFlags = [] } = input;
  const moves = change.kind === 'revision' || change.kind === 'traffic';
  const flag = change.kind === 'flag' ? input.flags.find(({ name }) => name === change.target) : undefined;
  const facts = moves
    ? input.revisions.find(({ revision, service }) => revision === change.target && service === change.service)
    : undefined;
  const lead = incident.onset === null ? null : incident.onset - change.at;
  const relation = relationOf(input, flag?.service ?? change.service);
  const idle = moves && takesNothing(change);
  const cohorts = isLatest
    ? ((change.kind === 'flag' ? input.cohortsByFlag[change.target] : facts?.cohorts) ?? null)
    : null;
  const { harmed, calm } = cohorts ? sides(cohorts, flag?.safe.state === 'on') : { harmed: none, calm: none };
  const { verdict, calmRate } = compare(harmed, calm);
  const sudden = isLatest ? suddenText(facts, lead) : null;
  const safeAlready = flag !== undefined && safeFlags.includes(flag.name);
  const reasons = [
    lead === null ? null : timingText(lead, incident.began ?? firstErrors),
    relation.text,
    idle && 'it takes no traffic',
    cohorts && comparisonText(cohorts, verdict, moves ? 'revision' : 'flag'),
    sudden,
    !isLatest && 'moved again since',
    safeAlready && 'already at its safe state',
  ].filter((reason) => typeof reason === 'string');
  let reversal: Reversal | null = null;
  if (isLatest && flag && !safeAlready) reversal = flagReversal(flag, change, incident.slo, input.environment);
  if (isLatest && facts && !idle) reversal = revisionReversal(facts, input.changes, incident.slo, input.now);
  const evidence = evidenceOf({ verdict, lead, related: relation.weight >= 0.15, capped: !isLatest || idle });
  return {
    change,
    evidence,
    score: scoreOf({ verdict, lead, weight: relation.weight, sudden: sudden !== null, evidence }),
    reasons,
    cohorts,
    expectedBurn: reversal && evaluation && calmRate !== null ? calmRate / (1 - evaluation.objective) : null,
    target: isLatest && !idle ? movedTarget(change, input.environment) : null,
    reversal,
  };
}

function relationOf(
  { incident, services }: WeighInput,
  service: string | null,
): { weight: number; text: string | null } {
  if (!service || !incident.service) return { weight: 0.05, text: service ? `on ${service}` : null };
  if (service === incident.service) return { weight: 0.25, text: 'same service' };
  if (dependenciesOf(services, incident.service).has(service)) {
    return { weight: 0.15, text: `${incident.service} depends on ${service}` };
  }
  if (dependenciesOf(services, service).has(incident.service)) {
    return { weight: 0.1, text: `${service} calls ${incident.service}` };
  }
  return { weight: 0, text: `on ${service}, which it does not depend on` };
}

function timingText(lead: number, began: string): string {
  if (lead < minute) return `in the minute of ${began}`;
  const text = `${durationText(lead)} before ${began}`;
  return lead > 20 * minute ? `${text}, nothing moved then` : text;
}

/** A revision under which failures began at once; no proof, since whatever began in that minute looks the same. */
function suddenText(facts: RevisionFacts | undefined, lead: number | null): string | null {
  if (!facts?.shift || lead === null || lead > 2 * minute) return null;
  const { after, before } = facts.shift;
  if (chanceAsHigh(after, before) >= 1e-6) return null;
  const [now, then] = [after, before].map(({ bad, total }) => `${countText(bad)} of ${countText(total)}`);
  return `failures began as it took traffic: ${now} since, ${then} before`;
}

function takesNothing({ target, after }: Change): boolean {
  if (after === null || typeof after !== 'object') return false;
  const share = (after as Record<string, unknown>)[target];
  return share === 0 || (share === undefined && Object.values(after).some((value) => typeof value === 'number'));
}

interface Weights {
  verdict: Comparison['verdict'];
  lead: number | null;
}

function evidenceOf({ verdict, related, lead, capped }: Weights & { related: boolean; capped: boolean }): Evidence {
  if (verdict === 'alike') return 'none';
  if (capped || lead === null || !related) return 'weak';
  if (verdict === 'explains') return 'strong';
  return verdict === 'differs' || lead <= close ? 'some' : 'weak';
}

const verdictWeights = { explains: 0.4, differs: 0.2, unknown: 0, alike: 0 };

function scoreOf(of: Weights & { weight: number; sudden: boolean; evidence: Evidence }): number {
  const timing = of.lead === null ? 0 : 0.35 * Math.exp(-Math.max(0, of.lead) / (45 * minute));
  const sum = timing + of.weight + verdictWeights[of.verdict] + (of.sudden ? 0.1 : 0);
  // Levels never mix: proof outweighs any coincidence in time.
  const levels = { strong: 0.75, some: 0.5, weak: 0.25, none: 0 };
  return levels[of.evidence] + Math.min(1, sum) / 4;
}
