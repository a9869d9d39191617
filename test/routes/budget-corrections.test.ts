import { describe, expect, test } from 'vitest';
import { type Visit, visit } from '../support/pages/visit.ts';
import { burningWorld, now } from '../support/pages/world.ts';

const get = (path: string, world = burningWorld()): Promise<Visit> => visit(path, world, { as: 'viewer' });

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
