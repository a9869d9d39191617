import { describe, expect, test } from 'vitest';
import { isNight } from '#app/domain/alert/night.ts';
import {
  compareShadow,
  inShadow,
  notSent,
  onePageEach,
  type RealIncident,
  tally,
  type WouldPage,
} from '#app/domain/alert/shadow.ts';
import { leadText, shadowVerdict } from '#app/domain/alert/shadow-words.ts';
import { monday } from '../slo/make.ts';

const min = 60_000;
const day = 24 * 60 * min;
const now = monday + 20 * day;
const page = (id: string, from: number, change: Partial<WouldPage> = {}): WouldPage => ({
  id,
  slo: 'voice-availability',
  service: 'voice',
  tier: 'page-fast',
  incident: null,
  from: monday + from * min,
  to: monday + (from + 20) * min,
  ...change,
});
const real = (id: string, from: number, change: Partial<RealIncident> = {}): RealIncident => ({
  id,
  number: 1,
  title: id,
  url: '',
  services: ['voice'],
  incident: null,
  ownSlo: null,
  from: monday + from * min,
  to: monday + (from + 20) * min,
  ...change,
});
const range = { from: monday, to: now, timeZone: 'Europe/Vienna' };
const counts = (pages: WouldPage[], incidents: RealIncident[], of = range) =>
  tally(compareShadow(pages, incidents, now), of);

describe('what is compared', () => {
  test('SLOs in shadow, and outside act those that Firebreak would page for; never what another pages', () => {
    expect([inShadow('shadow', 'act'), inShadow('firebreak', 'act'), inShadow('cloud-monitoring', 'act')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([inShadow('firebreak', 'observe'), inShadow('firebreak', 'shadow')]).toEqual([true, true]);
    expect(inShadow('cloud-monitoring', 'observe')).toBe(false);
  });

  test('a page belongs to incidents of its service, and to those of its own incident on another', () => {
    expect(counts([page('p', 0)], [real('i', 5, { services: ['render'] })])).toMatchObject({ beside: 0, missed: 1 });
    const tied = real('i', 5, { services: ['render'], incident: 'inc' });
    expect(counts([page('p', 0, { incident: 'inc' })], [tied])).toMatchObject({ beside: 1, missed: 0 });
  });

  test('a page that Firebreak did send for the SLO is none that it would have sent', () => {
    const sent = real('i', 5, { incident: 'inc', ownSlo: 'voice-availability' });
    const own = page('p', 0, { incident: 'inc' });
    const other = page('q', 0, { incident: 'inc', slo: 'voice-latency' });
    expect(notSent([own, other], [sent])).toEqual([other]);
  });

  test('one cause, one page: what overlaps within an incident is one, a re-trigger after it another', () => {
    const storm = [
      page('a', 0, { incident: 'inc' }),
      page('b', 10, { incident: 'inc', slo: 'api', service: 'api' }),
      page('c', 29, { incident: 'inc', slo: 'render' }),
      page('d', 60, { incident: 'inc' }),
      page('e', 5),
    ];
    const merged = onePageEach([...storm].reverse());
    expect(merged.map(({ id, to }) => [id, ((to ?? 0) - monday) / min])).toEqual([
      ['a', 49],
      ['e', 25],
      ['d', 80],
    ]);
    expect(storm[0]!.to).toBe(monday + 20 * min);
  });
});

describe('what is counted', () => {
  test('four pages, three beside a real incident and one alone, nothing missed', () => {
    const pages = [page('a', 0), page('b', 1_000), page('c', 2_000), page('d', 3_000)];
    const incidents = [real('i', 4), real('j', 1_008), real('k', 2_006)];
    const all = counts(pages, incidents);
    expect(all).toMatchObject({ pages: 4, beside: 3, incidents: 3, missed: 0, lead: 6 * min });
    expect(shadowVerdict(all, 30, 30 * day)).toBe(
      'In 30 days: 4 pages, 3 of them beside a real incident, on average 6 min earlier; 1 alone. Nothing missed.',
    );
  });

  test('what began before the days asked for counts for nothing, but what came after it is beside it', () => {
    const of = { ...range, from: monday + 10 * min };
    expect(counts([page('p', 5)], [real('i', 12)], of)).toMatchObject({ pages: 0, incidents: 1, missed: 0 });
    expect(counts([page('p', 12)], [real('i', 5)], of)).toMatchObject({ pages: 1, beside: 1, incidents: 0 });
  });

  test('the night is that of the organisation, also when its clocks change', () => {
    const hour = (at: string, zone: string) => isNight(Date.parse(at), zone);
    expect([hour('2026-11-22T20:59:00Z', 'Europe/Vienna'), hour('2026-11-22T21:00:00Z', 'Europe/Vienna')]).toEqual([
      false,
      true,
    ]);
    // 07:00 in Vienna is 06:00 UTC in winter and 05:00 UTC in summer.
    expect([hour('2026-10-25T05:59:00Z', 'Europe/Vienna'), hour('2026-10-25T06:00:00Z', 'Europe/Vienna')]).toEqual([
      true,
      false,
    ]);
    expect([hour('2026-10-24T04:59:00Z', 'Europe/Vienna'), hour('2026-10-24T05:00:00Z', 'Europe/Vienna')]).toEqual([
      true,
      false,
    ]);
    expect(counts([page('a', 2 * 60), page('b', 12 * 60)], []).atNight).toBe(1);
  });
});

describe('the verdict', () => {
  const said = (change: object, watched = 30 * day) =>
    shadowVerdict({ pages: 0, beside: 0, atNight: 0, incidents: 0, missed: 0, lead: null, ...change }, 30, watched);

  test('under seven days of watching there is none', () => {
    expect(said({ pages: 3, beside: 3, incidents: 3 }, 6 * day)).toMatch(/^Not enough to say: watched for 6 d, /);
    expect(said({ pages: 3, beside: 3, incidents: 3 }, 0)).toBe(
      'Not enough to say: nothing of this was evaluated yet.',
    );
    expect(said({ pages: 3, beside: 3, incidents: 3 }, 45 * min)).toBe(
      'Not enough to say: watched for 45 min, and a comparison needs 7 d.',
    );
    expect(said({ pages: 1, beside: 1, incidents: 1, lead: 0 }, 7 * day - 5 * min)).toMatch(/^In 30 days/);
  });

  test('nothing on either side is nothing to say', () => {
    expect(said({})).toBe('In 30 days: no page and no real incident, so not enough to say.');
  });

  test('says what was missed, and what stood alone', () => {
    expect(said({ incidents: 1, missed: 1 })).toBe('In 30 days: no page. The one real incident was missed.');
    expect(said({ pages: 2, incidents: 0 })).toBe('In 30 days: 2 pages, all alone. There was no real incident.');
    expect(said({ pages: 1, beside: 1, incidents: 3, missed: 2, lead: -120_000 })).toBe(
      'In 30 days: 1 page, beside a real incident, 2 min later. 2 real incidents missed.',
    );
    expect(said({ pages: 2, beside: 2, incidents: 2, lead: 20_000 })).toBe(
      'In 30 days: 2 pages, all beside a real incident, on average at the same minute. Nothing missed.',
    );
  });

  test('a lead in words', () => {
    expect([leadText(90 * min), leadText(-5 * min), leadText(29_000)]).toEqual([
      '1 h 30 min earlier',
      '5 min later',
      'at the same minute',
    ]);
  });
});
