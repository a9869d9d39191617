import type { SloCondition, WindowBurn } from './evaluation.ts';
import { countText } from './figures.ts';
import { type MinuteSeries, windowSums } from './series.ts';
import { type WindowName, windowMinutes, windowNames } from './slo.ts';
import { vanishedTraffic } from './traffic.ts';

/**
 * Why the numbers of `windows`, which end at minute `end`, are or are not to be trusted, in a word and a sentence. `events`
 * are what the windows count, or what their slices are cut from.
 */
export function conditionOf(
  events: MinuteSeries,
  end: number,
  windows: Record<WindowName, WindowBurn>,
  stale: { error: string } | null,
): { condition: SloCondition; reason: string | null } {
  if (stale)
    return {
      condition: 'stale',
      reason: `The source does not answer (${stale.error}); these are the last known numbers.`,
    };
  const now = windowSums(events, end, 5);
  if (now.known === 0) {
    return {
      condition: 'no-data',
      reason: 'The source has no data for the last 5 minutes; unmeasured time is not uptime.',
    };
  }
  const wrong = windowNames.find((name) => isImpossible(windowSums(events, end, windowMinutes[name])));
  if (wrong) {
    const { bad, total } = windowSums(events, end, windowMinutes[wrong]);
    const counted = bad < 0 ? `${countText(total - bad)} good` : `${countText(bad)} bad`;
    return {
      condition: 'data-error',
      reason: `The source counts ${counted} events of only ${countText(total)} in the last ${wrong}; no alert is drawn from it.`,
    };
  }
  const vanished = vanishedTraffic(events, end);
  if (vanished && vanished.known < 5) {
    // Neither a proof that traffic is gone nor that it is back.
    return {
      condition: 'no-data',
      reason: `Only ${vanished.known} of the last 5 minutes are known, and the usual traffic is not in them.`,
    };
  }
  if (vanished) {
    return {
      condition: 'traffic-vanished',
      reason: `Traffic vanished: ${countText(vanished.total)} requests in 5 minutes where about ${countText(vanished.usual)} are usual at this hour.`,
    };
  }
  if (now.total === 0 && windows['5m'].total === 0) {
    return {
      condition: 'no-traffic',
      reason: 'No traffic in the last 5 minutes, so there is no burn rate to compute.',
    };
  }
  return { condition: 'ok', reason: null };
}

function isImpossible({ bad, total }: { bad: number; total: number }): boolean {
  return bad < 0 || bad > total;
}
