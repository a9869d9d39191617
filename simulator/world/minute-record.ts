/** Upper bounds (ms) of the latency buckets of every service; the last bucket is open. */
export const latencyBounds = [
  10, 25, 50, 75, 100, 150, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000,
] as const;

/** Requests of one revision that ended with one code. `latency` counts per bucket of `latencyBounds`, `latencySum` in ms. */
export interface RequestCell {
  revision: string;
  code: number;
  count: number;
  latencySum: number;
  latency: number[];
}

/** Requests of one revision for which a flag answered on or off, by class of code (`2xx`). */
export interface FlagCell {
  revision: string;
  flag: string;
  enabled: boolean;
  codeClass: string;
  count: number;
}

/** Failed requests of one revision and route with one message. */
export interface FailureCell {
  revision: string;
  method: string;
  path: string;
  code: number;
  message: string;
  count: number;
}

/** All that a service did in one minute; `minute` counts minutes since the epoch and names the start. */
export interface MinuteRecord {
  service: string;
  minute: number;
  requests: RequestCell[];
  flags: FlagCell[];
  failures: FailureCell[];
}
