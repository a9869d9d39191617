/** One counter as the server keeps it: its name, its labels without the name, and its readings in order of time (ms). */
export interface ReadCounter {
  name: string;
  labels: Record<string, string>;
  times: Float64Array;
  values: Float64Array;
}

/** Which readings: of all counters that `selector` finds, those in (from, to], ms on whole seconds. */
export interface CounterQuery {
  /** Name of the DataSource that declares the server. */
  source: string;
  /** Address in the DataSource; the environment may name another one for the source. */
  url: string;
  selector: string;
  from: number;
  to: number;
  signal?: AbortSignal;
}

/** Reads of Prometheus-compatible servers, raw: as scraped, without the stretching of `rate` and `increase`. */
export interface PrometheusRead {
  counters(query: CounterQuery): Promise<ReadCounter[]>;
}

/** What the environment says of a source: its address, and the bearer token that opens it and goes nowhere else. */
export interface PrometheusAddress {
  url: string;
  token: string | null;
}
