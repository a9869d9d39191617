import { countText, durationText } from '../slo/figures.ts';
import type { Comparison } from './shadow.ts';

/** A comparison over less than this says nothing yet, ms: seven days, but for the minutes that an evaluation lies behind. */
export const enough = 7 * 24 * 3_600_000 - 3_600_000;

/**
 * What a comparison over `days` comes to, in a sentence or two. `watched` is for how long the SLO has been evaluated within
 * them, ms.
 */
export function shadowVerdict(comparison: Comparison, days: number, watched: number): string {
  const { pages, beside, incidents, missed, lead } = comparison;
  if (watched === 0) return 'Not enough to say: nothing of this was evaluated yet.';
  if (watched < enough) {
    return `Not enough to say: watched for ${durationText(watched)}, and a comparison needs 7 d.`;
  }
  const span = `In ${days} days`;
  if (pages === 0 && incidents === 0) return `${span}: no page and no real incident, so not enough to say.`;
  const end = incidents === 0 ? 'There was no real incident.' : missedText(missed, incidents);
  return `${span}: ${pagesText(pages, beside, lead)}. ${end}`;
}

/** How much earlier or later a page came: "6 min earlier", "2 min later", "at the same minute". */
export function leadText(lead: number): string {
  const minutes = Math.round(Math.abs(lead) / 60_000);
  if (minutes === 0) return 'at the same minute';
  return `${durationText(minutes * 60_000)} ${lead > 0 ? 'earlier' : 'later'}`;
}

function pagesText(pages: number, beside: number, lead: number | null): string {
  if (pages === 0) return 'no page';
  const count = pages === 1 ? '1 page' : `${countText(pages)} pages`;
  if (beside === 0) return pages === 1 ? `${count}, alone` : `${count}, all alone`;
  const mean = lead === null ? '' : `, ${beside === 1 ? '' : 'on average '}${leadText(lead)}`;
  if (beside === pages) return `${count}, ${pages === 1 ? '' : 'all '}beside a real incident${mean}`;
  return `${count}, ${countText(beside)} of them beside a real incident${mean}; ${countText(pages - beside)} alone`;
}

function missedText(missed: number, incidents: number): string {
  if (missed === 0) return 'Nothing missed.';
  if (missed === 1) return incidents === 1 ? 'The one real incident was missed.' : '1 real incident missed.';
  return `${countText(missed)} real incidents missed.`;
}
