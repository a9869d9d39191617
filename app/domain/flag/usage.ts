/** Evaluations of a flag by one application in one environment over one clock hour. Counts grow until the hour is over. */
export interface FlagHour {
  application: string;
  environment: string;
  /** When the hour began, ms. */
  hour: number;
  yes: number;
  no: number;
  /** Evaluations by variant; empty where none was given. */
  variants: Record<string, number>;
}

/** The running instances of an application in an environment, as they register with Unleash. */
export interface SdkFleet {
  application: string;
  environment: string;
  /** Instances seen in the last 10 minutes. */
  count: number;
  /** How many of them run which SDK: `unleash-client-node:6.12.1`; "unknown" where they do not say. */
  sdks: Record<string, number>;
  /** The newest of them, at most 50. Times ms. */
  instances: { id: string; sdk: string | null; seenAt: number }[];
  /** How often an instance asks for flags, seconds, measured; null while it is not known. */
  pollSeconds: number | null;
  /** Longest time between two usage reports of an instance, seconds; null when unknown. */
  reportSeconds: number | null;
}

const hourMs = 3_600_000;

/** Applications that evaluated the flag in the running hour or the one before, by name. `now` is on the clock of the hours. */
export function evaluatedBy(hours: readonly FlagHour[], now: number): string[] {
  const since = now - 2 * hourMs;
  const found = hours.filter(({ hour, yes, no }) => hour > since && yes + no > 0).map(({ application }) => application);
  return [...new Set(found)].sort();
}

/** What one application answered in one environment, over all hours that are known. */
export interface ApplicationUsage {
  application: string;
  environment: string;
  yes: number;
  no: number;
  variants: Record<string, number>;
  hours: FlagHour[];
}

/** Hours put together per application and environment, those with most evaluations first; hours newest first. */
export function byApplication(hours: readonly FlagHour[]): ApplicationUsage[] {
  const found = new Map<string, ApplicationUsage>();
  for (const one of [...hours].sort((a, b) => b.hour - a.hour)) {
    const { application, environment } = one;
    const key = `${environment} ${application}`;
    const usage = found.get(key) ?? { application, environment, yes: 0, no: 0, variants: {}, hours: [] };
    found.set(key, usage);
    usage.yes += one.yes;
    usage.no += one.no;
    for (const [variant, count] of Object.entries(one.variants))
      usage.variants[variant] = (usage.variants[variant] ?? 0) + count;
    usage.hours.push(one);
  }
  return [...found.values()].sort((a, b) => b.yes + b.no - (a.yes + a.no));
}
