import { isTimeZone, localTime } from '../openslo/local-time.ts';
import type { FlagEnvironmentState } from './flag.ts';

/** A change of a flag for a later time. Times ms. */
export interface FlagSchedule {
  id: string;
  flag: string;
  environment: string;
  /** "Set voice to 25 % in production". */
  title: string;
  inputs: Record<string, string>;
  /** The time that was asked for as clocks in `zone` show it: `2026-11-24T09:00`. */
  local: string;
  zone: string;
  firesAt: number;
  /** The flag as it stood when this was asked for: where it has moved since, nothing is done. */
  seen: FlagEnvironmentState;
  by: string;
  byEmail: string;
  madeAt: number;
  state: 'waiting' | 'fired' | 'refused' | 'missed' | 'cancelled';
  endedAt: number | null;
  endedBy: string | null;
  /** Why it was refused or missed; null otherwise. */
  why: string | null;
  runId: string | null;
}

/** Later than this after its time it is not done any more, ms: whoever asked for it has stopped looking. */
export const firesWithin = 10 * 60_000;
/** Further ahead nobody knows what a flag will be like, ms. */
const longestAhead = 90 * 86_400_000;

/** When a change is to be made, read from what a form sends; else what is wrong with it, in a sentence. `now` is data time. */
export function readScheduleTime(
  form: { at: string; zone: string },
  fallbackZone: string,
  now: number,
): { firesAt: number; local: string; zone: string } | { problem: string } {
  const zone = form.zone !== '' && isTimeZone(form.zone) ? form.zone : fallbackZone;
  const local = form.at.trim().replace(' ', 'T').slice(0, 16);
  const firesAt = localTime(local, zone);
  if (firesAt === null) return { problem: 'Give a day and a time, such as 2026-11-24 09:00.' };
  if (shownAs(firesAt, zone) !== local) {
    return { problem: `${local.replace('T', ' ')} does not exist in ${zone}: clocks go forward over it.` };
  }
  if (firesAt <= now) return { problem: 'This time has passed already.' };
  if (firesAt > now + longestAhead) return { problem: 'At most 90 days ahead.' };
  return { firesAt, local, zone };
}

/** "Tue 24 Nov 2026, 09:00 Europe/Berlin": as it was asked for, whoever looks from wherever. */
export function scheduleTimeText({ firesAt, zone }: Pick<FlagSchedule, 'firesAt' | 'zone'>): string {
  const day = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  }).format(firesAt);
  return `${day}, ${shownAs(firesAt, zone).slice(11)} ${zone}`;
}

/** What clocks in `zone` show at an instant: `2026-11-24T09:00`. */
function shownAs(instant: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  }).formatToParts(instant);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}
