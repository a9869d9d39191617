import { hourMs } from './series.ts';
import { typedInstant } from './typed-instant.ts';

/** A correction as it was typed. */
export interface CorrectionForm {
  kind: string;
  /** Clock times in the organisation's zone: `2026-11-22T03:10`. */
  from: string;
  to: string;
  /** Bad events to add, negative to take away; of an adjustment only. */
  bad: string;
  reason: string;
}

/** A correction that may be asked for. Times ms. */
export interface CorrectionRequest {
  kind: 'exclusion' | 'adjustment';
  from: number;
  to: number;
  bad: number;
  reason: string;
}

export type Wrong = { field: keyof CorrectionForm; message: string };

const longest = 31 * 24 * hourMs;
/** Minutes are surely there this far back. */
const byMinute = 3 * 24 * hourMs;
const kept = 63 * 24 * hourMs;

/**
 * Reads a correction; else says which field is wrong and how to mend it. `at` (ms) is how far the SLO is evaluated: what is not
 * counted yet cannot be corrected.
 */
export function readCorrection(form: CorrectionForm, timeZone: string, at: number): CorrectionRequest | Wrong {
  const { kind } = form;
  if (kind !== 'exclusion' && kind !== 'adjustment') return wrong('kind', 'Choose what is to be corrected.');
  const [from, to] = [form.from, form.to].map((text) => typedInstant(text, timeZone));
  if (from == null) return wrong('from', 'A day and a time, such as 2026-11-22 03:10.');
  if (to == null) return wrong('to', 'A day and a time, such as 2026-11-22 03:40.');
  if (to <= from) return wrong('to', 'The end lies before the beginning.');
  if (to > at) return wrong('to', 'It ends after the last minute that is counted.');
  if (to - from > longest) return wrong('to', 'At most 31 days at once.');
  if (from < at - kept) return wrong('from', 'Hours are kept 64 days: nothing is counted so far back.');
  if (from < at - byMinute && kind === 'exclusion') {
    const odd = [from, to].findIndex((each) => each % hourMs !== 0);
    if (odd >= 0)
      return wrong(odd === 0 ? 'from' : 'to', 'Minutes are kept 3 days: an older stretch begins and ends on the hour.');
  }
  const bad = kind === 'adjustment' ? Number(form.bad.replace(/^[−–]/, '-').replaceAll(',', '') || Number.NaN) : 0;
  if (!Number.isSafeInteger(bad) || Math.abs(bad) > 1e12 || (kind === 'adjustment' && bad === 0))
    return wrong('bad', 'A whole number of bad events: 120 adds them, -120 takes them away.');
  const reason = form.reason.trim();
  if (reason.length < 3) return wrong('reason', 'Say in a sentence why.');
  if (reason.length > 500) return wrong('reason', 'At most 500 letters.');
  return { kind, from, to, bad, reason };
}

function wrong(field: Wrong['field'], message: string): Wrong {
  return { field, message };
}
