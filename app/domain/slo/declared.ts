import type { Budgeting, Indicator, Slo } from './slo.ts';

/** A count at a Prometheus-compatible server: all counters that a selector finds, summed, or PromQL with `{{.window}}`. */
export type PrometheusSource = { selector: string } | { query: string };

/** Events counted by a Prometheus-compatible server; `part` counts the good or the bad ones among `total`. */
export interface PrometheusIndicator {
  kind: 'prometheus';
  counted: 'good' | 'bad';
  part: PrometheusSource;
  total: PrometheusSource;
  /** Address of the server; null where no DataSource gives one. */
  url: string | null;
}

/** An SLO as its file declares it, which may be more than the console follows. */
export interface DeclaredSlo extends Omit<Slo, 'indicator'> {
  /** Name of the document: several objectives of one document share it, while `id` is each one's own. */
  document: string;
  indicator: Indicator | PrometheusIndicator;
  budgeting: Budgeting;
}

/** The SLO as the console follows it; null when it cannot: Prometheus is for files so far. */
export function followed({ document: _, indicator, ...slo }: DeclaredSlo): Slo | null {
  return indicator.kind !== 'prometheus' ? { ...slo, indicator } : null;
}
