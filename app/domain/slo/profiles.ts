import { type BurnProfile, type BurnTier, type SloPeriod, windowMinutes } from './slo.ts';

/** One tier as a profile file declares it: the factor is derived. */
export type TierShare = Omit<BurnTier, 'factor'>;

/** The SRE Workbook's four tiers: 14.4×, 6×, 3× and 1× over 30 days. */
export const defaultTiers: readonly TierShare[] = [
  { tier: 'page-fast', long: '1h', short: '5m', share: 0.02 },
  { tier: 'page-slow', long: '6h', short: '30m', share: 0.05 },
  { tier: 'ticket-fast', long: '1d', short: '2h', share: 0.1 },
  { tier: 'ticket-slow', long: '3d', short: '6h', share: 0.1 },
];

const calendarDays = { day: 1, week: 7, month: 30, quarter: 90, year: 365 };

/** Length of an SLO's period in minutes; calendar units count by their usual length (a month is 30 days). */
export function periodMinutes(period: SloPeriod): number {
  return 1440 * (period.kind === 'rolling' ? period.days : calendarDays[period.unit]);
}

/** A profile for a period of `minutes`: factor = share · period / long window, so that they cannot disagree. */
export function resolveProfile(name: string, shares: readonly TierShare[], minutes: number): BurnProfile {
  const tiers = shares.map((tier) => ({ ...tier, factor: (tier.share * minutes) / windowMinutes[tier.long] }));
  return { name, periodMinutes: minutes, tiers };
}

/** The default profile for a period. */
export function defaultProfile(period: SloPeriod): BurnProfile {
  return resolveProfile('default', defaultTiers, periodMinutes(period));
}

/** What is wrong with a profile for an SLO, in words; empty when it can do its work. */
export function profileProblems(profile: BurnProfile, objective: number, period: SloPeriod): string[] {
  if (objective >= 1) return ['an objective of 100 % leaves no error budget, so no burn rate exists'];
  const problems: string[] = [];
  const largest = 1 / (1 - objective);
  if (profile.periodMinutes !== periodMinutes(period)) {
    problems.push(
      `burn profile ${profile.name} is for ${profile.periodMinutes / 1440} days, the SLO's period has ${periodMinutes(period) / 1440}`,
    );
  }
  for (const tier of profile.tiers) {
    if (tier.factor >= largest) {
      const [factor, most] = [tier.factor, largest].map((value) => Number(value.toFixed(1)));
      problems.push(
        `tier ${tier.tier} asks for ${factor}×, and the largest possible burn rate is ${most}×: it can never fire`,
      );
    }
  }
  return problems;
}
