import { plural } from '../plural.ts';
import type { StepResult, VerificationState } from '../run/run.ts';
import type { Baseline } from './baseline.ts';
import { burnText, countText, windowBurnText } from './figures.ts';
import { minuteMs, newestKnownMinute } from './series.ts';
import type { Counts } from './statistics.ts';
import { findHarm, findProof, isEnough, type Seen, since, stillBurns, type VerificationInput } from './verdicts.ts';
import { burnRate, minutesOf } from './windows.ts';

/** First time at which the window is full of settled minutes that began after the effect. */
export function firstInformativeAt(effectAt: number, window: string, settleMs: number): number {
  return (Math.ceil(effectAt / minuteMs) + windowLength(window)) * minuteMs + settleMs;
}

function windowLength(window: string): number {
  const minutes = minutesOf(window);
  if (minutes === null) throw new RangeError(`not a window: ${window}`);
  return minutes;
}

/**
 * Looks at the minutes that began after the effect and says what they prove; `outcome` null means "keep looking". Harm is
 * looked for first, on provisional minutes too (a later look may take it back); improvement only on settled ones with full coverage;
 * what is not proven at the deadline is not_improved only if the burn is beyond doubt, else no_data.
 */
export function judge(input: VerificationInput): VerificationState {
  const { requirement, effectAt, series, settleMs, now, objective, baseline, note = null, said = 'failed' } = input;
  const counted = (counts: Counts) => `${ratio(counts)} ${said}`;
  const length = windowLength(requirement.window);
  const first = Math.ceil(effectAt / minuteMs);
  const settled = Math.max(first, Math.floor((now - settleMs) / minuteMs));
  const deadline = effectAt + requirement.within;
  const answer = (outcome: StepResult | null, text: string, seen: Seen, provisional: boolean): VerificationState => ({
    slo: requirement.slo,
    window: requirement.window,
    burnUnder: requirement.burnUnder,
    effectAt,
    firstInformativeAt: firstInformativeAt(effectAt, requirement.window, settleMs),
    deadline,
    lookedAt: now,
    burn: burnRate(seen.bad, seen.total, objective),
    bad: seen.bad,
    total: seen.total,
    coverage: seen.known / Math.max(1, seen.minutes),
    provisional,
    outcome,
    text: note ? `${text} ${note}` : text,
  });

  const harm = findHarm({ ...input, burnUnder: requirement.burnUnder }, first, settled);
  if (harm) {
    const still = harm.provisional ? ', on data that is still coming in' : '';
    return answer(
      'worse',
      `Worse than before${still}: ${counted(harm)}, against ${ratio(baseline)} before.`,
      harm,
      harm.provisional,
    );
  }

  const proof = findProof(input, first, settled, length);
  if (proof) {
    const burn = countsText(proof, objective);
    const text = `Burning ${burn}, under ${burnText(requirement.burnUnder)}: ${counted(proof)}, against ${ratio(baseline)} before.`;
    return answer('improved', text, proof, false);
  }

  if (settled - first >= length) {
    const seen = since(series, settled, length);
    const burn = countsText(seen, objective);
    if (now < deadline) return answer(null, `Not proven yet: burning ${burn}, ${counted(seen)}.`, seen, false);
    if (stillBurns(input, first, settled, length)) {
      return answer(
        'not_improved',
        `Not improved: burning ${burn}, ${counted(seen)}, against ${ratio(baseline)} before.`,
        seen,
        false,
      );
    }
    return answer('no_data', noProof(seen, baseline, burn, counted(seen)), seen, false);
  }

  const newest = newestKnownMinute(series);
  const seen = since(series, Math.max(first, (newest ?? first - 1) + 1), length, first);
  if (now >= deadline) return answer('no_data', 'The window did not fill with settled data in time.', seen, true);
  const text =
    seen.known > 0
      ? `Data from after the effect is coming in: ${counted(seen)} so far.`
      : 'No data from after the effect yet.';
  return answer(null, text, seen, true);
}

function countsText({ bad, total, known, minutes }: Seen, objective: number): string {
  return windowBurnText({ burn: burnRate(bad, total, objective), coverage: known / minutes, total });
}

function ratio({ bad, total }: Counts): string {
  return `${countText(bad)} of ${countText(total)}`;
}

function noProof(seen: Seen, baseline: Baseline, burn: string, counts: string): string {
  if (seen.known < seen.minutes) {
    const missing = seen.minutes - seen.known;
    return `Not enough data: ${missing} of the last ${plural(seen.minutes, 'minute')} ${missing === 1 ? 'is' : 'are'} missing, and missing data is never success.`;
  }
  if (!isEnough(seen, baseline)) {
    return `Not enough data: ${counts}, and ${ratio(baseline)} before; too few to tell the two apart.`;
  }
  return `Not proven in time: burning ${burn}, ${counts}; too close to the bound to tell.`;
}
