import type { Catalog } from '../../domain/catalog.ts';
import type { SloEvaluation } from '../../domain/slo/evaluation.ts';
import { windowBurnText } from '../../domain/slo/figures.ts';
import type { Tier } from '../../domain/slo/slo.ts';
import type { Dependency } from './view.ts';

interface State {
  slo: string;
  tier: Tier | null;
  evaluation: SloEvaluation;
}

/** How a service that another one calls does: the most burning of its SLOs; `state` reads one. */
export async function dependency(
  catalog: Catalog,
  id: string,
  state: (slo: string) => Promise<State | null>,
): Promise<Dependency> {
  const service = catalog.services.find((each) => each.id === id);
  const read = await Promise.all(catalog.slos.filter((slo) => slo.service === id).map((slo) => state(slo.id)));
  const known = read.filter((each) => each !== null).sort((a, b) => lately(b) - lately(a));
  const worst = known[0];
  const runbook = catalog.runbooks.find((each) => each.slug === service?.runbook);
  return {
    id,
    title: service?.title ?? id,
    kind: service?.kind ?? 'catalog',
    slo: worst?.slo ?? null,
    burn: worst ? windowBurnText(worst.evaluation.windows['5m']) : 'not known',
    burning: known.some((each) => each.tier !== null),
    dataTo: worst?.evaluation.dataTo ?? null,
    runbook: runbook ? { slug: runbook.slug, title: runbook.title } : null,
  };
}

function lately(state: State): number {
  return state.evaluation.windows['5m'].burn ?? -1;
}
