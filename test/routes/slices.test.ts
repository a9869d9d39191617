import { describe, expect, test } from 'vitest';
import type { Slices } from '#app/domain/slo/slo.ts';
import { playHistory } from '../support/pages/history.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, dataTo, now } from '../support/pages/world.ts';

const minute = 60_000;
const id = 'voiceover-availability';

/** The burning world, its SLO in slices: since 38 minutes every slice has too many failures. */
function slicedWorld(budgeting: Slices, gauge = false) {
  const world = burningWorld();
  const slo = world.catalog!.slos.find((each) => each.id === id)!;
  const changed = { ...slo, objective: 0.99, budgeting, minBadEvents: 1 };
  if (gauge)
    changed.indicator = { kind: 'gauge', source: { project: 'p', filter: 'metric.type="age"' }, op: 'lte', bound: 600 };
  world.catalog!.slos = world.catalog!.slos.map((each) => (each.id === id ? changed : each));
  const bad = [{ from: now - 38 * minute, to: now, ratio: 0.2 }];
  world.histories[id] = playHistory({ slo: changed, now, dataTo, bad });
  return world;
}

const five: Slices = { method: 'Timeslices', minutes: 5, target: 0.95 };
const get = (path: string, world: ReturnType<typeof burningWorld>) => visit(path, world, { as: 'responder' });

describe('pages of an SLO in slices', () => {
  test('its page counts slices, in every figure', async () => {
    const { text, html } = await get(`/slos/${id}`, slicedWorld(five));
    expect(text).toContain('Every slice is bad: burning 100×.');
    expect(text).toMatch(/Last 5 min 100× 1 of 1/);
    expect(text).toMatch(/(\d+ bad slices left|overspent by \d+ bad slices) of [\d,]+ that its measured slices allow/);
    expect(text).toContain('slices of 5 min, each good from 95 % good events on');
    expect(text).toContain('1 bad slice');
    expect(text).toContain('if every slice is good from now on');
    expect(text).toContain('Add or take away bad slices');
    expect(html).toMatch(/slice by slice from/);
    // A row of the chart's table is a slice: none of them is without one.
    expect(text).toContain('From Bad Slices Burn');
    expect(text).not.toMatch(/no traffic|\d requests? in \d/);
  });

  test('of one minute it says minutes, and a gauge has no failures to group', async () => {
    const { text } = await get(`/slos/${id}`, slicedWorld({ ...five, minutes: 1, target: 1 }, true));
    expect(text).toContain('Every minute is bad');
    expect(text).toContain('minutes, each good while its worst value is at most 600');
    expect(text).toMatch(/bad minutes? left|overspent by \d+ bad minutes?/);
    expect(text).not.toContain('What fails');
  });

  test('the incident, the what-if and the statement say slices, too', async () => {
    const world = slicedWorld(five);
    const incident = await get('/incidents/inc-1', world);
    expect(incident.text).toContain('Every slice is bad: burning 100×.');
    expect((await get(`/slos/${id}/what-if?objective=95`, world)).text).toContain('In slices');
    expect((await get('/statement?month=2026-11', world)).text).toMatch(/\d+ of [\d,]+ slices/);
  });
});
