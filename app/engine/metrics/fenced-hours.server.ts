import { createSloHours, type SloHours } from '../../stores/slo/slo-hours.server.ts';
import type { Share } from './share.server.ts';

/** Stored hours that are written only while their SLOs are this process's. */
export function fencedHours(
  hours: Pick<SloHours, 'hours' | 'eventHours' | 'indicators'>,
  share: Pick<Share, 'fenced'>,
): SloHours {
  const write =
    <A extends unknown[]>(method: (on: SloHours, ...args: A) => Promise<void>) =>
    (...args: A) =>
      share.fenced((tx) => method(createSloHours(tx), ...args));
  return {
    hours: hours.hours,
    eventHours: hours.eventHours,
    indicators: hours.indicators,
    saveHours: write((on, rows: Parameters<SloHours['saveHours']>[0]) => on.saveHours(rows)),
    saveEventHours: write((on, rows: Parameters<SloHours['saveEventHours']>[0]) => on.saveEventHours(rows)),
    adoptIndicators: write((on, found: Parameters<SloHours['adoptIndicators']>[0]) => on.adoptIndicators(found)),
    beginAnew: write((on, ...args: Parameters<SloHours['beginAnew']>) => on.beginAnew(...args)),
    blankHours: write((on, ...args: Parameters<SloHours['blankHours']>) => on.blankHours(...args)),
    forgetOtherHours: write((on, ...args: Parameters<SloHours['forgetOtherHours']>) => on.forgetOtherHours(...args)),
  };
}
