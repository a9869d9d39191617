import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayReplace, type Read } from '#app/domain/incident/reconcile.ts';
import { incidentStatus } from '#app/domain/incident/status.ts';

describe('whether an incident stands', () => {
  const burning = { tier: 'page-slow', clearedAt: null } as const;
  const eased = { tier: 'ticket-slow', clearedAt: null } as const;
  const cleared = { tier: 'page-fast', clearedAt: 5 } as const;
  const ours = (status: 'triggered' | 'resolved') => ({ alertKeys: ['firebreak/i/page'], status });
  const others = (status: 'acknowledged' | 'resolved') => ({ alertKeys: ['datadog'], status });

  test('while it burns at a page tier, even if somebody resolved it in PagerDuty', () => {
    expect(incidentStatus([burning], [ours('resolved')], 'page')).toBe('open');
  });
  test('not for a ticket tier, nor for our own page that PagerDuty has yet to close', () => {
    expect(incidentStatus([eased, cleared], [ours('triggered')], 'page')).toBe('resolved');
  });
  test('a ticket while anything of it stands, at whatever tier', () => {
    expect(incidentStatus([eased], [], 'ticket')).toBe('open');
    expect(incidentStatus([cleared, eased], [], 'ticket')).toBe('open');
    expect(incidentStatus([cleared], [ours('triggered')], 'ticket')).toBe('resolved');
    expect(incidentStatus([cleared], [others('acknowledged')], 'ticket')).toBe('open');
  });
  test('while an incident that others opened stands in PagerDuty', () => {
    expect(incidentStatus([cleared], [others('acknowledged')], 'page')).toBe('open');
    expect(incidentStatus([], [others('acknowledged')], 'page')).toBe('open');
    expect(incidentStatus([], [others('resolved')], 'page')).toBe('resolved');
  });
});

test('reads in any order, some repeated, end at the newest state', () => {
  const read = fc.record({
    body: fc.record({ updatedAt: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 5 })) }),
    readAt: fc.integer({ min: 0, max: 1_000 }),
  });
  const honest = fc.uniqueArray(read, { selector: (one) => one.readAt, minLength: 1 }).map((reads) => {
    // PagerDuty's own time never falls from one read to a later one, and it is always there or never.
    const times = reads.map((one) => one.body.updatedAt ?? 0).sort((a, b) => a - b);
    const ordered = reads.sort((a, b) => a.readAt - b.readAt);
    return ordered.map((one, index): Read => ({ readAt: one.readAt, body: { updatedAt: times[index] ?? 0 } }));
  });
  fc.assert(
    fc.property(honest, fc.infiniteStream(fc.nat()), (reads, picks) => {
      const newest = reads.at(-1);
      const order = [...reads];
      const shuffled: Read[] = [];
      while (order.length > 0) {
        const pick = order.splice((picks.next().value as number) % order.length, 1)[0] as Read;
        shuffled.push(pick, pick);
      }
      let stored: Read | null = null;
      for (const one of [...shuffled, ...shuffled]) if (mayReplace(stored, one)) stored = one;
      expect(stored).toEqual(newest);
    }),
  );
});
