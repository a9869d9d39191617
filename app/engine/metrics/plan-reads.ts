import { type LabelCondition, splitFilter } from '../../domain/slo/filter.ts';
import { worstOf } from '../../domain/slo/gauge.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { inBatches } from './in-batches.ts';

/** One read shared by all parts that can be cut out of it by labels. */
export interface SharedRead {
  key: string;
  project: string;
  /** Of a gauge, which value is its worst. */
  kind: 'count' | 'distribution' | 'max' | 'min';
  filter: string;
  groupBy: string[];
  parts: ReadPart[];
}

/** What one SLO takes from a shared read. */
export interface ReadPart {
  slo: Slo;
  role: 'total' | 'bad' | 'good' | 'latency' | 'gauge';
  conditions: LabelCondition[];
}

/** Reads that belong together, because an SLO counts from more than one of them; mostly there is only one. */
export interface ReadBatch {
  key: string;
  slos: Slo[];
  reads: SharedRead[];
}

/** Groups what SLOs read of Cloud Monitoring by (project, metric, resource, kind), so that 1,000 SLOs of one metric are one read. */
export function planReads(slos: readonly Slo[]): ReadBatch[] {
  const reads = new Map<string, SharedRead>();
  for (const slo of slos) {
    for (const { role, project, filter } of sourcesOf(slo)) {
      const kind = kindOf(slo);
      const split = splitFilter(filter);
      const base = split?.base ?? filter;
      const key = `${kind} ${project} ${base}`;
      const read = reads.get(key) ?? { key, project, kind, filter: base, groupBy: [], parts: [] };
      const conditions = split?.conditions ?? [];
      read.parts.push({ slo, role, conditions });
      read.groupBy = [...new Set([...read.groupBy, ...conditions.map((condition) => condition.path)])].sort();
      reads.set(key, read);
    }
  }
  return inBatches([...reads.values()]).map((batch) => ({
    ...batch,
    key: batch.reads.map(({ key }) => key).join(' + '),
  }));
}

function kindOf({ indicator }: Slo): SharedRead['kind'] {
  if (indicator.kind === 'gauge') return worstOf(indicator);
  return indicator.kind === 'latency' ? 'distribution' : 'count';
}

function sourcesOf(slo: Slo): { role: ReadPart['role']; project: string; filter: string }[] {
  const { indicator } = slo;
  switch (indicator.kind) {
    case 'latency':
      return [{ role: 'latency', ...indicator.source }];
    case 'gauge':
      return [{ role: 'gauge', ...indicator.source }];
    case 'ratio':
      return [
        { role: 'total', ...indicator.total },
        { role: 'bad', ...indicator.bad },
      ];
    case 'good-ratio':
      return [
        { role: 'total', ...indicator.total },
        { role: 'good', ...indicator.good },
      ];
    case 'prometheus':
      return [];
  }
}
