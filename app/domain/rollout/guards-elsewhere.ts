import type { Catalog } from '../catalog.ts';
import { sourceOf } from '../slo/data-source.ts';
import type { RolloutPlan, RolloutSubject } from './plan.ts';
import { type KeptGuard, keptGuard } from './typed-plan.ts';

/** A guard by counts that another file of the service declares, and whose file that is. */
export type GuardElsewhere = KeptGuard & { from: string };

/**
 * The guards by metrics and impact metrics that other plans around a service declare: of its flags and of its revisions. Those
 * of one variant are its flag's own, and a revision has no impact metrics.
 */
export function guardsElsewhere(
  subject: RolloutSubject,
  service: string,
  own: RolloutPlan | null,
  { flags, services }: Pick<Catalog, 'flags' | 'services'>,
): GuardElsewhere[] {
  const plans = [
    ...flags.flatMap(({ name, service: of, rollout }) => (of === service && rollout ? [{ from: name, rollout }] : [])),
    ...services.flatMap(({ id, rollout }) => (id === service && rollout ? [{ from: id, rollout }] : [])),
  ];
  const seen = new Set(guardsOf(own).map((guard) => JSON.stringify(guard)));
  const found: GuardElsewhere[] = [];
  for (const { from, rollout } of plans) {
    for (const guard of guardsOf(rollout)) {
      const { source, variant } = guard;
      const fits = source.kind === 'metric' || (source.kind === 'impact' && subject.kind === 'flag');
      const text = JSON.stringify(guard);
      if (!fits || variant !== undefined || seen.has(text)) continue;
      seen.add(text);
      const { key } = keptGuard(guard);
      found.push({ key: `${from}/${key}`, guard, from });
    }
  }
  return found;
}

/** The projects of Google Cloud whose metrics files read already, sorted. */
export function metricProjects({ sources = [], slos, flags, services }: Catalog): string[] {
  const guards = [...flags, ...services].flatMap(({ rollout = null }) => guardsOf(rollout));
  const named = [
    ...sources.map(({ project }) => project),
    ...slos.flatMap((slo) => (slo.indicator.kind === 'prometheus' ? [] : [sourceOf(slo)])),
    ...flags.map(({ cohort }) => cohort?.project ?? null),
    ...guards.map(({ source }) => (source.kind === 'metric' ? source.project : null)),
  ];
  return [...new Set(named.filter((project) => project !== null))].sort();
}

function guardsOf(plan: RolloutPlan | null): RolloutPlan['stages'][number]['guards'] {
  return (plan?.stages ?? []).flatMap(({ guards }) => guards);
}
