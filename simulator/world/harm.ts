/** What goes wrong for which requests of a service, as long as it lasts. */
export interface Harm {
  service: string;
  /** Data time it begins, and ends (null: until further notice). */
  from: number;
  to: number | null;
  /** Only requests for which this flag answers so; null for any. */
  flag: { name: string; enabled: boolean } | null;
  /** Requests for which this flag answers on are spared: a fallback that is turned on. */
  sparedBy: string | null;
  /** Only requests on this revision; null for any. */
  revision: string | null;
  /** Share of those requests that fail. */
  failShare: number;
  /** Share of the survivors that are slow. */
  slowShare: number;
  /** What the service calls that fails; null or absent where it is the service itself. */
  dependency?: string | null;
  /** What the failures answer and log; weights sum to 1. */
  failures: { code: number; weight: number; message: string }[];
}

/** Share of the minute that a harm covers, 0 to 1. */
export function harmOverlap(harm: Harm, minute: number): number {
  const start = minute * 60_000;
  const from = Math.max(start, harm.from);
  const to = Math.min(start + 60_000, harm.to ?? Number.POSITIVE_INFINITY);
  return Math.max(0, to - from) / 60_000;
}

/** True where the harm strikes requests on `revision` for which exactly `on` flags answer on. */
export function harmStrikes(harm: Harm, revision: string, on: ReadonlySet<string>): boolean {
  if (harm.revision !== null && harm.revision !== revision) return false;
  if (harm.flag && on.has(harm.flag.name) !== harm.flag.enabled) return false;
  return harm.sparedBy === null || !on.has(harm.sparedBy);
}
