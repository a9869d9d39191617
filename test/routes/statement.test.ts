import { describe, expect, test } from 'vitest';
import { countText, shareText } from '#app/domain/slo/figures.ts';
import { playHistory } from '../support/pages/history.ts';
import { type Visit, visit } from '../support/pages/visit.ts';
import { burningWorld } from '../support/pages/world.ts';

const get = (path: string, world = burningWorld()): Promise<Visit> => visit(path, world, { as: 'viewer' });

describe('the statement of a month', () => {
  /** An SLO of the calendar month in Berlin, as its organisation counts. */
  function berlinWorld() {
    const world = burningWorld();
    const period = {
      kind: 'calendar',
      unit: 'month',
      timeZone: 'Europe/Berlin',
      start: Date.UTC(2025, 11, 31, 23),
    } as const;
    world.catalog!.timeZone = period.timeZone;
    const slo = world.catalog!.slos[0]!;
    slo.period = period;
    world.histories[slo.id] = playHistory({
      slo,
      now: world.now,
      dataTo: world.now - 4 * 60_000,
      bad: [{ from: world.now - 42 * 60_000, to: world.now, ratio: 0.026 }],
    });
    return world;
  }

  test('says the same as list and page of an SLO that is promised by that month', async () => {
    const [list, slo, statement] = await Promise.all(
      ['/slos?q=voiceover-availability', '/slos/voiceover-availability', '/statement?slo=voiceover-availability'].map(
        (path) => get(path, berlinWorld()),
      ),
    );
    const [, left, soFar] = /goes on 99\.9 % [\d.]+ % [\d,]+ of [\d,]+ (\d+) % so far (−?[\d,]+) %/.exec(
      statement!.text,
    )!;
    expect(Number(left)).toBeGreaterThan(10);
    expect(list!.text).toContain(`${left} %`);
    expect(slo!.text).toContain(`Budget left ${left} %`);
    expect(slo!.text).toContain(
      `${left} % of the whole month is left, at its mean traffic so far; so far, ${soFar} % of what the traffic until now allows.`,
    );
    expect(soFar).not.toBe(left);
    const [, bad] = / ([\d,]+) of [\d,]+ \d+ % so far \S+ % 1 /.exec(statement!.text)!;
    expect(slo!.text).toContain(`Spent in all ${bad}`);
  });

  test('of the month before is whole, in its own zone', async () => {
    const { text } = await get('/statement?month=2026-10', berlinWorld());
    expect(text).toContain('Statement of October 2026');
    expect(text).not.toContain('so far');
    expect(text).toContain('months in Europe/Berlin');
    expect(text).toMatch(/Wed 30 Sept? 22:00 to Sat 31 Oct 23:00/);
  });

  test('says of an SLO that its indicator changed since the month began, as its page and its budget do', async () => {
    const world = berlinWorld();
    const changedAt = Date.UTC(2026, 10, 12, 14, 3);
    world.indicatorChanges = { 'voiceover-availability': changedAt };
    const said = /counted anew since Thu 12 Nov 14:03, when its indicator changed/g;
    const [slo, now, before, json] = await Promise.all(
      ['/slos/voiceover-availability', '/statement', '/statement?month=2026-10', '/statement/json'].map((path) =>
        get(path, world),
      ),
    );
    expect(slo!.text.match(said)).toHaveLength(2);
    expect(slo!.text).toContain('what was before then was read again from its source');
    expect(now!.text.match(said)).toHaveLength(1);
    expect(before!.text.match(said)).toHaveLength(1);
    const lines: { slo: string; indicatorChangedAt: string | null }[] = JSON.parse(json!.html).slos;
    expect(lines.filter((line) => line.indicatorChangedAt !== null)).toMatchObject([
      { slo: 'voiceover-availability', indicatorChangedAt: '2026-11-12T14:03:00.000Z' },
    ]);

    // Before the month began: all of the month is by the present one.
    world.indicatorChanges = { 'voiceover-availability': Date.UTC(2026, 9, 12) };
    const { text } = await get('/statement', world);
    expect(text).not.toContain('counted anew');
  });

  test('is narrowed by service and links to the same lines as CSV', async () => {
    const { html } = await get('/statement?service=studio-api');
    expect(html).toContain('href="/slos/studio-api-availability"');
    expect(html).not.toContain('href="/slos/voiceover-availability"');
    expect(html).toContain('href="/statement/csv?month=2026-11&amp;service=studio-api"');
  });

  test('as CSV has the figures of the page, as a file', async () => {
    const { html: csv, headers } = await get('/statement/csv?month=2026-11', berlinWorld());
    const { text } = await get('/statement?month=2026-11', berlinWorld());
    expect(headers.get('content-disposition')).toBe('attachment; filename="statement-2026-11.csv"');
    const [head, ...lines] = csv.trim().split('\r\n');
    expect(lines.length).toBe(3);
    const line = lines.find((each) => each.includes(',voiceover-availability,'))!.split(',');
    const value = (name: string) => Number(line[head!.split(',').indexOf(name)]);
    expect(text).toContain(`${countText(value('bad_events'))} of ${countText(value('events'))}`);
    expect(text).toContain(shareText(value('budget_left_percent') / 100));
  });

  test('as JSON has the figures of the CSV, unrounded, and says which of them are not there', async () => {
    const { html: body, headers } = await get('/statement/json?month=2026-11&team=media-platform', berlinWorld());
    expect(headers.get('content-disposition')).toBe('attachment; filename="statement-2026-11.json"');
    const { slos, ...statement } = JSON.parse(body);
    expect(statement).toEqual({
      apiVersion: 'firebreak/v1',
      kind: 'Statement',
      organisation: expect.any(String),
      month: '2026-11',
      timeZone: 'Europe/Berlin',
      from: '2026-10-31T23:00:00.000Z',
      to: '2026-11-30T23:00:00.000Z',
      goesOn: true,
    });
    const { html: csv } = await get('/statement/csv?month=2026-11', berlinWorld());
    const [head, ...lines] = csv
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    expect(slos.length).toBe(lines.length);
    for (const each of slos) {
      const cells = lines.find((line) => line.includes(each.slo))!;
      const value = (name: string) => cells[head!.indexOf(name)]!;
      const percent = (share: number | null) => (share === null ? '' : String(Number((share * 100).toFixed(6))));
      expect([each.from, each.to, each.service, each.team]).toEqual(['from', 'to', 'service', 'team'].map(value));
      expect(
        [each.events, each.badEvents, each.incidents, each.incidentMinutes, each.unknownMinutes].map(String),
      ).toEqual(['events', 'bad_events', 'incidents', 'incident_minutes', 'unknown_minutes'].map(value));
      expect([each.objective, each.sli, each.budgetRemaining, each.budgetSoFar, each.coverage].map(percent)).toEqual(
        ['objective', 'sli', 'budget_left', 'budget_left_so_far', 'coverage'].map((name) => value(`${name}_percent`)),
      );
      expect(each).toMatchObject({ state: expect.stringMatching(/^(goes-on|not-evaluated)$/), corrected: null });
    }
  });

  test('a month to come, or none at all, is this one', async () => {
    expect((await get('/statement?month=2031-01')).text).toContain('Statement of November 2026, so far');
    expect((await get('/statement?month=x&slo=none')).text).toContain('No SLO is like that');
  });
});
