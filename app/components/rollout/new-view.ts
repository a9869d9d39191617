import type { Catalog } from '../../domain/catalog.ts';
import { effectiveExposure } from '../../domain/flag/exposure.ts';
import type { FlagState } from '../../domain/flag/flag.ts';
import { exposureHeadline } from '../../domain/flag/headline.ts';
import { beginningAt, stagesAbove } from '../../domain/rollout/beginning.ts';
import { guardCounts } from '../../domain/rollout/guard-words.ts';
import { guardsElsewhere, metricProjects } from '../../domain/rollout/guards-elsewhere.ts';
import { guardName, type RolloutPlan, type RolloutSubject } from '../../domain/rollout/plan.ts';
import {
  differsByStage,
  type GuardsAround,
  guardsToKeep,
  readTypedPlan,
  type TypedPlan,
  typedPlan,
} from '../../domain/rollout/typed-plan.ts';
import type { DrawWish } from '../../domain/rollout/wishes.ts';
import { noGuards, noImpact, type WrittenGuards, writtenFields } from '../../domain/rollout/written-guards.ts';
import { inForce } from '../../domain/service/traffic.ts';
import type { ServiceReading } from '../observed-service.ts';
import type { NewRolloutView } from './new-form.tsx';

/** A subject as one field of a form. */
function subjectText(subject: RolloutSubject): string {
  return subject.kind === 'flag'
    ? `flag ${subject.environment} ${subject.flag}`
    : `revision ${subject.service} ${subject.revision}`;
}

/** The subject that a form names; null where it names none. */
export function readSubject(text: string): RolloutSubject | null {
  const [kind, where, name, ...rest] = text.split(' ');
  if (!where || !name || rest.length > 0) return null;
  if (kind === 'flag') return { kind, environment: where, flag: name };
  return kind === 'revision' ? { kind, service: where, revision: name } : null;
}

/** The subject that the query of an address names; null where it names none. */
export function askedSubject(query: URLSearchParams, environment: string): RolloutSubject | null {
  const [flag, service, revision] = ['flag', 'service', 'revision'].map((name) => query.get(name));
  if (flag) return { kind: 'flag', flag, environment: query.get('environment') ?? environment };
  return service && revision ? { kind: 'revision', service, revision } : null;
}

/** What stands of a subject before its rollout, and the same in words: 50, "50 % of production". */
export interface Standing {
  percent: number;
  text: string;
}

/** What was last seen to stand of a subject; null where nobody has it, and while nothing was read. */
export function standsAt(
  subject: RolloutSubject,
  read: { flags: readonly FlagState[] | null; service: Pick<ServiceReading, 'service'> | null },
): Standing | null {
  if (subject.kind === 'revision') {
    const percent = (read.service && inForce(read.service.service)[subject.revision]) ?? 0;
    return percent > 0 ? { percent, text: `${percent} % of the requests to ${subject.service}` } : null;
  }
  const state = read.flags?.find(({ flag }) => flag === subject.flag);
  const environment = state?.environments.find(({ environment: name }) => name === subject.environment);
  const exposure = environment && effectiveExposure(environment, {});
  if (!exposure || exposure.percent <= 0) return null;
  return { percent: exposure.percent, text: exposureHeadline(exposure, subject.environment) };
}

/** What the catalog says of a subject; null where it declares no such thing. */
export function declaredOf(
  subject: RolloutSubject,
  catalog: Catalog,
): {
  service: string;
  owners: string[] | null;
  plan: RolloutPlan | null;
  slos: string[];
  noCohort: string | null;
} | null {
  if (subject.kind === 'flag') {
    const flag = catalog.flags.find(({ name }) => name === subject.flag);
    if (!flag) return null;
    const noCohort = flag.cohort ? null : 'Its file declares no cohort, so who has it cannot be counted.';
    return { service: flag.service, owners: flag.owners, plan: flag.rollout ?? null, slos: flag.slos, noCohort };
  }
  const service = catalog.services.find(({ id, cloudRun }) => id === subject.service && cloudRun);
  if (!service) return null;
  const slos = catalog.slos.filter((slo) => slo.service === service.id);
  const counted = slos.some(({ indicator }) => indicator.kind === 'ratio' || indicator.kind === 'good-ratio');
  const noCohort = counted ? null : 'None of its SLOs counts requests by revision.';
  return { service: service.id, owners: null, plan: service.rollout ?? null, slos: slos.map(({ id }) => id), noCohort };
}

/** The share at which the query of an address wants the first stage, percent; null where it says none. */
export function askedShare(query: URLSearchParams): number | null {
  const from = query.get('from') ?? '';
  return /^([1-9]\d?|100)$/.test(from) ? Number(from) : null;
}

/** A form as it was sent: what stands there once is parsed, what stands there often beside it. */
type Sent = DrawWish & { slos: string[]; kept: string[] };

/**
 * The form for a subject; `sent` is what was sent and refused, `from` the share at which it is to begin, `stands` the one
 * above which it has to, both in percent. Null where the catalog declares no such thing.
 */
export function newRolloutView(
  subject: RolloutSubject,
  catalog: Catalog,
  sent: Sent | null,
  { from = null, stands = 0 }: { from?: number | null; stands?: number } = {},
): NewRolloutView | null {
  const declared = declaredOf(subject, catalog);
  if (!declared) return null;
  const named = new Set([
    ...declared.slos,
    ...catalog.slos.filter(({ service }) => service === declared.service).map(({ id }) => id),
  ]);
  const elsewhere = guardsElsewhere(subject, declared.service, declared.plan, catalog);
  const projects = metricProjects(catalog);
  const begun = typedPlan(declared.plan, declared.slos, declared.noCohort ? 'service' : 'cohort', projects);
  const wanted = from === null ? begun.stages : beginningAt(begun.stages, from);
  const usual = { ...begun, stages: stagesAbove(wanted, stands) };
  const asDeclared = declared.plan !== null && usual.stages === begun.stages;
  return {
    subject: subjectText(subject),
    title:
      subject.kind === 'flag'
        ? `${subject.flag} in ${subject.environment}`
        : `${subject.revision} of ${subject.service}`,
    declared: declared.plan !== null,
    chosen: sent?.plan ?? (asDeclared ? 'declared' : 'typed'),
    typed: sent ? typedOf(sent, usual) : usual,
    minRequests: sent?.minRequests ?? String(usual.minRequests),
    kept: guardsToKeep(declared.plan).map(({ key, guard }) => ({
      ...{ key, title: guardName(guard), counts: guardCounts(guard) },
    })),
    elsewhere: elsewhere.map(({ key, guard, from }) => ({
      ...{ key, from, title: guardName(guard), counts: guardCounts(guard) },
    })),
    projects,
    noImpact: noImpact(subject),
    differs: declared.plan !== null && differsByStage(declared.plan),
    slos: catalog.slos.filter(({ id }) => named.has(id)).map(({ id, title }) => ({ id, title })),
    noCohort: declared.noCohort,
  };
}

/** The plan that a form asks for, or what is wrong with it. */
export function wishedPlan(
  wish: Sent,
  subject: RolloutSubject,
  { service, plan: own }: { service: string; plan: RolloutPlan | null },
  catalog: Catalog,
): { plan: RolloutPlan } | { field: string; problem: string } {
  if (wish.plan === 'declared') {
    return own ? { plan: own } : { field: 'stages', problem: 'Its file declares no plan any more.' };
  }
  const projects = metricProjects(catalog);
  const typed = typedOf(wish, typedPlan(own, [], 'service', projects));
  if (!Number.isSafeInteger(typed.minRequests) || typed.minRequests < 1) {
    return { field: 'minRequests', problem: 'Requests are a whole number from 1 on.' };
  }
  const around: GuardsAround = {
    subject,
    elsewhere: guardsElsewhere(subject, service, own, catalog),
    projects,
  };
  return readTypedPlan(typed, own, around);
}

/** What was sent as a plan; windows that were not are the usual ones of its form. */
function typedOf(wish: Sent, { short, long }: Pick<TypedPlan, 'short' | 'long'>): TypedPlan {
  return {
    stages: wish.stages ?? '',
    slos: wish.slos,
    kept: wish.kept,
    written: writtenOf(wish),
    judge: wish.judge ?? 'service',
    minRequests: Number(wish.minRequests ?? Number.NaN),
    short: wish.short ?? short,
    long: wish.long ?? long,
    resume: wish.resume ?? 'by-person',
    backTo: wish.backTo ?? 'start',
    shadow: wish.shadow === 'yes',
  };
}

function writtenOf(wish: Sent): WrittenGuards {
  const sent = writtenFields.flatMap((name) => (wish[name] === undefined ? [] : [[name, wish[name]] as const]));
  return { ...noGuards([]), ...Object.fromEntries(sent) };
}
