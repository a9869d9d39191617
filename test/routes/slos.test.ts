import { describe, expect, test } from 'vitest';
import { countText, shareText } from '#app/domain/slo/figures.ts';
import { playHistory } from '../support/pages/history.ts';
import { type Visit, visit } from '../support/pages/visit.ts';
import { burningWorld, now } from '../support/pages/world.ts';

const get = (path: string, world = burningWorld()): Promise<Visit> => visit(path, world, { as: 'viewer' });

/** Two hundred more SLOs of a calm service. */
function manySlos() {
  const world = burningWorld();
  const one = world.catalog!.slos[2]!;
  const more = Array.from({ length: 200 }, (_, i) => ({ ...one, id: `slo-${i}`, title: `slo ${1000 + i}` }));
  world.catalog!.slos.push(...more);
  return world;
}

describe('the list of SLOs', () => {
  test('counts the states, each with a link that narrows to it', async () => {
    const { html, text } = await get('/slos');
    expect(text).toContain('Pages 1');
    expect(html).toContain('href="/slos?state=page"');
    expect((await get('/slos?state=page')).html.match(/href="\/slos\/[\w-]+"/g)).toEqual([
      'href="/slos/voiceover-availability"',
    ]);
  });

  test('is narrowed by team, in an address that the form keeps', async () => {
    const { text, html } = await get('/slos?team=media-platform&sort=budget');
    expect(text).toContain('Least budget first 3');
    expect(html).toMatch(/<option value="media-platform" selected="">/);
    expect(html).toMatch(/<form method="get" action="\/slos"/);
  });

  test('groups by service, the group that burns first', async () => {
    const { html } = await get('/slos?group=service');
    expect([...html.matchAll(/<h2[^>]*>([\w-]+)<\/h2>/g)].map(([, name]) => name)).toEqual(['voiceover', 'studio-api']);
  });

  test('shows 50 at a time and keeps the wish on the way', async () => {
    const { text, html } = await get('/slos?service=studio-api&from=50', manySlos());
    expect(text).toContain('51 to 100 of 201');
    expect(html).toContain('href="/slos?service=studio-api&amp;from=100"');
    expect(html).toContain('href="/slos?service=studio-api"');
    expect(html.match(/<tr>/g)!.length).toBe(51);
  });

  test('says so when nothing is like that, and how to see all', async () => {
    expect((await get('/slos?q=nothing')).text).toContain('No SLO is like that Show all 3');
  });
});

describe('the page of an SLO', () => {
  test('says the budget in events, and the ledger adds up to the budget of list and page', async () => {
    const { text } = await get('/slos/voiceover-availability');
    const list = await get('/slos?q=voiceover-availability');
    const [, left] = /Budget left (\d+) %/.exec(text)!;
    expect(list.text).toContain(`${left} %`);
    expect(text).toMatch(/[\d,]+ failures left of [\d,]+ that its traffic allows/);
    // What is left is rounded down.
    const [, spent] = /Spent in all [\d,]+ ([\d.]+) %/.exec(text)!;
    expect(Number(left) + Number(spent)).toBeGreaterThanOrEqual(99);
    expect(Number(left) + Number(spent)).toBeLessThanOrEqual(100);
  });

  test('names each incident with what it cost, the open one as going on', async () => {
    const { text } = await get('/slos/voiceover-availability');
    expect(text).toMatch(/voiceover is burning its error budget Sun 22 Nov 02:44 ▲ goes on 38 min [\d,]+ [\d.]+ %/);
    expect(text).toContain('Everything else outside of incidents');
  });

  test('says the burn of every window with its counts, and which minute was measured last', async () => {
    const { text } = await get('/slos/voiceover-availability');
    const [, table = ''] = /Burn by window(.*?)Last minute measured/.exec(text)!;
    for (const window of ['5 min', '30 min', 'hour', '2 h', '6 h', 'day', '3 days'])
      expect(table).toMatch(new RegExp(` ${window} [\\d.]+× [\\d,]+ of [\\d,]+ [\\d.]+ % covered`));
    expect(text).toMatch(/Last minute measured: 03:21, \d+ min ago/);
    expect(text).toMatch(/Why this page, and when it clears It pages because both windows reach/);
  });

  test('shows of each change the burn before and after it', async () => {
    const { text } = await get('/slos/voiceover-availability');
    expect(text).toMatch(
      /voiceover-v2 rolled out 5 → 25 % by Linus · hour before: 0× \(\d+ of [\d,]+\) · 41 min after: 2\d(\.\d)?× \([\d,]+ of [\d,]+\)/,
    );
  });

  test('draws the burn-down twice, and the same figures as a table', async () => {
    const { html } = await get('/slos/voiceover-availability');
    expect(html.match(/aria-label="Budget left from Fri 23 Oct to Sun 22 Nov: \d+ % now; 1 incidents?"/g)).toHaveLength(
      2,
    );
  });

  test('without an evaluation says what is missing, and has no budget', async () => {
    const { status, text } = await get('/slos/voiceover-availability', { ...burningWorld(), histories: {} });
    expect(status).toBe(200);
    expect(text).toContain('Not evaluated yet');
    expect(text).not.toContain('Spent in all');
  });
});

describe('what if an SLO were set otherwise', () => {
  const page = '/slos/voiceover-availability/what-if';

  test('as it is nothing is gained or lost, and the budget is the one of its page', async () => {
    const { text } = await get(page);
    expect(text).toContain('nothing gained, nothing lost');
    const [, left, events] = /With the change 2 0 (\d+) % of the month's budget ([\d,]+) of/.exec(text)!;
    const slo = await get('/slos/voiceover-availability');
    expect(slo.text).toContain(`Budget left ${left} %`);
    expect(slo.text).toContain(`${events} failures left`);
  });

  test('a looser objective loses the page that a stricter one has', async () => {
    const { text } = await get(`${page}?objective=99`);
    expect(text).toContain('1 page lost; 1 stays');
    expect(text).toMatch(/lost Sun 22 Nov 03:18 Page · fast burn, goes on no page/);
  });

  test('keeps what was typed, and says at the field what is wrong with it', async () => {
    const { status, html, text } = await get(`${page}?objective=101&days=7`);
    expect(status).toBe(200);
    expect(html).toContain('value="101"');
    expect(html).toMatch(/<option value="7" selected="">/);
    expect(text).toContain('A share in per cent over 0 and under 100');
    expect(text).not.toContain('Pages, one by one');
  });

  test('a setting that can never page says so', async () => {
    expect((await get(`${page}?objective=90&days=90`)).text).toContain('it can never fire');
  });

  test('before anything is stored there is a form and a word', async () => {
    const { status, text } = await get(page, { ...burningWorld(), histories: {} });
    expect([status, text.includes('Nothing is stored yet')]).toEqual([200, true]);
  });
});

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

describe('a correction of a budget', () => {
  const path = '/slos/voiceover-availability';
  /** From 02:50 to 03:10 in UTC, the zone of the fixtures, while it burnt. */
  const form = {
    intent: 'correct',
    kind: 'exclusion',
    from: '2026-11-22T02:50',
    to: '2026-11-22T03:10',
    bad: '',
    reason: 'Load test agreed with the studio',
  };
  const inForce = {
    id: 'c1',
    slo: 'voiceover-availability',
    kind: 'exclusion' as const,
    from: now - 36 * 60_000,
    to: now - 16 * 60_000,
    bad: 484,
    total: 18_600,
    reason: form.reason,
    approvedBy: 'ada@studio.example',
    approvedAt: now,
  };

  test('counts what it leaves out, and is signed by whoever approves it', async () => {
    const { status, told, location } = await visit(path, burningWorld(), { form });
    expect([status, location]).toEqual([303, `${path}#budget`]);
    expect(told).toEqual([
      {
        what: 'approve',
        with: {
          slo: 'voiceover-availability',
          kind: 'exclusion',
          from: Date.UTC(2026, 10, 22, 2, 50),
          to: Date.UTC(2026, 10, 22, 3, 10),
          bad: 484,
          total: 18_590,
          reason: form.reason,
          approvedBy: 'ada@studio.example',
          approvedAt: now,
        },
      },
    ]);
  });

  test('that is refused stands in the form again, with what is wrong at its field', async () => {
    const { status, told, html, text } = await visit(path, burningWorld(), {
      form: { ...form, to: '2026-11-22T03:25' },
    });
    expect([status, told]).toEqual([400, []]);
    expect(text).toContain('It ends after the last minute that is counted.');
    expect(html).toContain('value="2026-11-22T03:25"');
    expect(html).toContain(`value="${form.reason}"`);
    expect(html).toMatch(/<details[^>]*open=""[^>]*id="correct"/);
  });

  test('is for responders and admins; others read why not', async () => {
    for (const as of ['viewer', 'product'] as const) {
      const { status, told } = await visit(path, burningWorld(), { as, form });
      expect([status, told]).toEqual([403, []]);
    }
    expect((await visit(path, burningWorld(), { as: 'admin', form })).told).toHaveLength(1);
    expect((await get(path)).html).not.toContain('name="reason"');
  });

  test('stands with its approver and reason, leaves what was measured, and may be withdrawn', async () => {
    const world = { ...burningWorld(), corrections: [inForce] };
    const { text } = await visit(path, world);
    expect(text).toMatch(/leaves out 484 bad of 18,600 events, .* approved by ada@studio\.example/);
    expect(text).toContain('Budget left 36 %');
    expect(text).toMatch(/With this correction: 37 % of the budget is left/);
    const { status, told } = await visit(path, world, { form: { intent: 'withdraw', id: 'c1' } });
    expect([status, told[0]]).toMatchObject([303, { what: 'withdraw', with: { id: 'c1', by: 'ada@studio.example' } }]);
    expect((await visit(path, burningWorld(), { form: { intent: 'withdraw', id: 'c1' } })).status).toBe(409);
  });

  test('stands in the statement beside what was measured', async () => {
    const measured = await get('/statement?slo=voiceover-availability');
    const { text } = await get('/statement?slo=voiceover-availability', { ...burningWorld(), corrections: [inForce] });
    const figures = /([\d,]+) of ([\d,]+) (?:with corrections: ([\d,]+) of ([\d,]+) )?/;
    const counts = (found: string) =>
      found
        .slice(found.indexOf('goes on'))
        .match(figures)!
        .slice(1)
        .map((each) => Number(each?.replaceAll(',', '')));
    const [bad, total] = counts(measured.text);
    expect(counts(text)).toEqual([bad, total, bad! - 484, total! - 18_600]);
    expect(text).toContain('with a correction: goes on');
  });

  test('counts no longer once the indicator is another one than it was approved for, and says so', async () => {
    const later = { ...inForce, id: 'c2', kind: 'adjustment' as const, total: 0, bad: 40 };
    const world = {
      ...burningWorld(),
      corrections: [inForce, { ...later, approvedAt: inForce.approvedAt + 2 }],
      indicatorChanges: { 'voiceover-availability': inForce.approvedAt + 1 },
    };
    const said = 'Does not count: it was approved before the indicator changed';
    const [slo, statement] = await Promise.all(
      [path, '/statement?slo=voiceover-availability'].map((at) => get(at, world)),
    );
    expect(slo!.text.split(said)).toHaveLength(2);
    expect(slo!.text).toContain('With the one that counts: 36 % of the budget is left');
    expect(statement!.text).toContain('with a correction:');
    const alone = { ...world, corrections: [inForce] };
    expect((await get(path, alone)).text).not.toContain('of the budget is left');
    expect((await get('/statement?slo=voiceover-availability', alone)).text).not.toContain('correction:');
  });
});
