import type { Catalog } from '../domain/catalog.ts';
import type { SloEvaluation } from '../domain/slo/evaluation.ts';
import type { SloView } from './incident/view.ts';

/** An SLO of the catalog with what is stored of it; null when the catalog no longer has it. */
export function sloView(
  catalog: Catalog,
  id: string,
  state: { evaluation: SloEvaluation; readAt: number | null; error: string | null; errorAt: number | null } | null,
): SloView | null {
  const slo = catalog.slos.find((each) => each.id === id);
  if (!slo) return null;
  const { title, service, objective, period, indicator, budgeting, settle, paging } = slo;
  return {
    slo: { id, title, service, objective, period, indicator, budgeting, settle, paging },
    profile: catalog.profiles[id] ?? null,
    evaluation: state?.evaluation ?? null,
    readAt: state?.readAt ?? null,
    // A failure that a later success healed is no news.
    error: state?.error && (state.errorAt ?? 0) >= (state.readAt ?? 0) ? state.error : null,
    errorAt: state?.errorAt ?? null,
  };
}
