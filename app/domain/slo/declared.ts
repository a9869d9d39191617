import type { Budgeting, GaugeIndicator, Indicator, Slo } from './slo.ts';

/** A gauge in samples of Prometheus: the last reading of a minute counts, the worst of all series that the selector finds. */
export interface PrometheusGauge extends Pick<GaugeIndicator, 'op' | 'bound'> {
  kind: 'prometheus-gauge';
  selector: string;
}

/** An SLO as its file declares it, which may be more than the console follows. */
export interface DeclaredSlo extends Omit<Slo, 'indicator'> {
  /** Name of the document: several objectives of one document share it, while `id` is each one's own. */
  document: string;
  indicator: Indicator | PrometheusGauge;
  budgeting: Budgeting;
}

/** The SLO as the console follows it; null when it cannot: gauges of Prometheus are for files so far. */
export function followed({ document: _, indicator, ...slo }: DeclaredSlo): Slo | null {
  return indicator.kind === 'prometheus-gauge' ? null : { ...slo, indicator };
}
