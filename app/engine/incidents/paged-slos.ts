import type { Alert } from '../../domain/alert/alert.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { Silenceable } from '../../domain/silence/silence.ts';
import { sourceOf } from '../../domain/slo/data-source.ts';
import type { PagingMode } from '../../domain/slo/slo.ts';
import type { AlertVerdict } from './verdict.ts';

/** Who pages for each SLO, and where its numbers come from, as the catalog and this cycle's verdicts say. */
export interface PagedSlos {
  mode(slo: string): PagingMode | null;
  silenceable(alert: Pick<Alert, 'slo' | 'service'>): Silenceable;
}

/** A verdict's own SLO is newer than the catalog's. */
export function pagedSlos(catalog: Pick<Catalog, 'slos'> | null, verdicts: readonly AlertVerdict[]): PagedSlos {
  const modes = new Map<string, PagingMode>(
    [...(catalog?.slos ?? []), ...verdicts.map((verdict) => verdict.slo)].map((slo) => [slo.id, slo.paging]),
  );
  return {
    mode: (slo) => modes.get(slo) ?? null,
    silenceable: ({ slo, service }) => {
      const declared = catalog?.slos.find(({ id }) => id === slo);
      return { slo, service, source: declared ? sourceOf(declared) : null };
    },
  };
}
