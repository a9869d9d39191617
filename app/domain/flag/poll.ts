import type { FlagUsage, Receipt } from './flag.ts';

/** What SDKs do unless told otherwise: https://docs.getunleash.io/sdks */
export const defaultPollSeconds = 15;

/** How long until nearly all instances have heard of a change. */
export interface CoveringPoll {
  /** Covers 95 % of the instances seen in the last 10 minutes. */
  seconds: number;
  /** Applications outside that promise, with their interval. */
  slower: string[];
  /** True when an interval is not known and 15 s, the SDKs' default, stands for it. */
  assumed: boolean;
}

/** The poll interval that covers 95 % of all instances; the slower applications are named. 0 s when there is no instance. */
export function coveringPoll(usage: Pick<FlagUsage, 'application' | 'instances' | 'pollSeconds'>[]): CoveringPoll {
  const known = usage
    .filter((one) => one.instances > 0)
    .map((one) => ({ ...one, seconds: one.pollSeconds ?? defaultPollSeconds }))
    .sort((a, b) => a.seconds - b.seconds);
  const total = known.reduce((sum, one) => sum + one.instances, 0);
  let covered = 0;
  const reached = known.find((one) => {
    covered += one.instances;
    return covered >= total * 0.95;
  });
  const seconds = reached?.seconds ?? 0;
  const slower = known
    .filter((one) => one.seconds > seconds)
    .map((one) => `${one.application} (asks every ${Math.round(one.seconds)} s)`);
  return { seconds, slower, assumed: known.some((one) => one.pollSeconds === null) };
}

/**
 * When a flag change has taken effect, data ms: when it is obeyed, or when it is served plus the covering poll interval,
 * whichever is first. Null while it is not served. May lie ahead of now.
 */
export function effectTime(receipt: Receipt): number | null {
  const at = (layer: string) => receipt.layers.find((one) => one.layer === layer)?.at ?? null;
  const [served, obeyed] = [at('served'), at('obeyed')];
  if (served === null) return obeyed;
  const watched = Object.entries(receipt.memory?.applications ?? {}).map(([application, watch]) => ({
    application,
    ...watch,
  }));
  // Measured intervals are fractions of a second; times are whole milliseconds.
  const promised = served + Math.round(coveringPoll(watched).seconds * 1000);
  return obeyed === null ? promised : Math.min(obeyed, promised);
}
