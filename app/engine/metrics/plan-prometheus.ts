import { sidesOf } from '../../domain/openslo/prometheus.ts';
import type { Sides } from '../../domain/prometheus/count-minutes.ts';
import type { Selector } from '../../domain/prometheus/selector.ts';
import { sharedSelector } from '../../domain/prometheus/shared-selector.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { inBatches } from './in-batches.ts';

/** Counters of one server that are read together, because an SLO counts from more than one of them, or several from one. */
export interface PrometheusBatch {
  kind: 'prometheus';
  key: string;
  /** Name of the DataSource, and the address in it. */
  source: string;
  url: string;
  slos: Slo[];
  selectors: string[];
  /** By SLO: what it takes from them. */
  sides: ReadonlyMap<string, Sides>;
}

interface SharedRead {
  source: string;
  url: string;
  asked: Selector[];
  parts: { slo: Slo }[];
}

/** Groups the counters of all SLOs over Prometheus by (server, metric), so that 1,000 SLOs of one metric are one read. */
export function planPrometheus(slos: readonly Slo[]): PrometheusBatch[] {
  const reads = new Map<string, SharedRead>();
  const sides = new Map<string, Sides>();
  for (const slo of slos) {
    const { indicator } = slo;
    if (indicator.kind !== 'prometheus' || indicator.source === null || indicator.url === null) continue;
    const own = sidesOf(indicator);
    if (!own) continue;
    sides.set(slo.id, own);
    const { source, url } = indicator;
    for (const selector of [own.total, own.part]) {
      const key = JSON.stringify([source, url, selector.metric ?? selector.text]);
      const read = reads.get(key) ?? { source, url, asked: [], parts: [] };
      read.asked.push(selector);
      read.parts.push({ slo });
      reads.set(key, read);
    }
  }
  return inBatches([...reads.values()]).map(({ slos: own, reads: shared }) => {
    const { source, url } = shared[0]!;
    const selectors = shared.map(({ asked }) => sharedSelector(asked)).sort();
    const key = JSON.stringify(['prometheus', source, url, ...selectors]);
    return { kind: 'prometheus', key, source, url, slos: own, selectors, sides };
  });
}
