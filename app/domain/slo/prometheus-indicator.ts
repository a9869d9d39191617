/** A count at a Prometheus-compatible server: all counters that a selector finds, summed, or PromQL with `{{.window}}`. */
export type PrometheusSource = { selector: string } | { query: string };

/** Events counted by a Prometheus-compatible server; `part` counts the good or the bad ones among `total`. */
export interface PrometheusIndicator {
  kind: 'prometheus';
  counted: 'good' | 'bad';
  part: PrometheusSource;
  total: PrometheusSource;
  /** Name of the DataSource; null where a file names none. What the console follows has one. */
  source: string | null;
  /** Address of the server; null where no DataSource gives one. */
  url: string | null;
}
