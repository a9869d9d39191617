import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FlagUsage, Receipt } from '#app/domain/flag/flag.ts';
import { effectTime } from '#app/domain/flag/poll.ts';
import { advanceReceipt, startReceipt } from '#app/domain/flag/receipt.ts';

const s = 1000;
const hour = 3_600_000;
const reportMs = 60 * s;

/** One SDK: when it asks and reports within its intervals, and how many evaluations it makes a second. */
interface Instance {
  pollOffset: number;
  reportOffset: number;
  perSecond: number;
  frozen: boolean;
}

const anyInstance = fc.record({
  pollOffset: fc.integer({ min: 0, max: 14 }),
  reportOffset: fc.integer({ min: 0, max: 59 }),
  perSecond: fc.integer({ min: 1, max: 20 }),
});

/** Plays a kill at `t0` second by second: instances ask every 15 s and report every 60 s, Unleash writes reports down every 5 s, the receipt looks every `every` s. */
function play(instances: Instance[], t0: number, every: number): { receipt: Receipt; allObeyAt: number } {
  const byHour = new Map<number, { yes: number; no: number }>();
  let unwritten: { hour: number; yes: number; no: number }[] = [];
  const pending = instances.map(() => ({ yes: 0, no: 0 }));
  const knows = instances.map(() => false);
  let allObeyAt = 0;
  const usage = (now: number): FlagUsage[] => {
    const at = Math.floor(now / hour) * hour;
    const counts = (h: number) => ({ ...(byHour.get(h) ?? { yes: 0, no: 0 }), hour: h });
    return [
      {
        application: 'a',
        instances: instances.length,
        pollSeconds: 15,
        ...counts(at),
        previousHour: counts(at - hour),
      },
    ];
  };
  let receipt: Receipt | null = null;
  for (let now = t0 - 120 * s; now <= t0 + 330 * s; now += s) {
    instances.forEach((instance, i) => {
      if (now >= t0 && !instance.frozen && (now / s) % 15 === instance.pollOffset) knows[i] = true;
      pending[i]![knows[i] ? 'no' : 'yes'] += instance.perSecond;
      if ((now / s) % 60 !== instance.reportOffset) return;
      unwritten.push({ hour: Math.floor(now / hour) * hour, ...pending[i]! });
      pending[i] = { yes: 0, no: 0 };
    });
    if ((now / s) % 5 === 0) {
      for (const { hour: at, yes, no } of unwritten) {
        const counts = byHour.get(at) ?? { yes: 0, no: 0 };
        byHour.set(at, { yes: counts.yes + yes, no: counts.no + no });
      }
      unwritten = [];
    }
    if (knows.every(Boolean) && allObeyAt === 0) allObeyAt = now;
    if (now === t0) {
      receipt = startReceipt({
        flag: 'f',
        environment: 'production',
        expected: false,
        acceptedAt: t0,
        usage: usage(now),
        reportMs,
      });
    } else if (receipt && (now - t0) % (every * s) === 0) {
      const seen = {
        recorded: { eventId: 1 },
        served: { revision: 2, answer: false },
        witnessed: { answer: false, seenAt: now },
      };
      receipt = advanceReceipt(receipt, { ...seen, usage: usage(now) }, now);
    }
  }
  return { receipt: receipt!, allObeyAt };
}

// Around a full hour, so that counts start again in the middle.
const anyStart = fc.integer({ min: -300, max: 60 }).map((seconds) => 100 * hour + seconds * s);
const anyEvery = fc.integer({ min: 1, max: 10 });

test('a kill that all obey is confirmed, whenever its instances ask and report', () => {
  fc.assert(
    fc.property(fc.array(anyInstance, { minLength: 1, maxLength: 6 }), anyStart, anyEvery, (instances, t0, every) => {
      const { receipt } = play(
        instances.map((one) => ({ ...one, frozen: false })),
        t0,
        every,
      );
      expect(receipt.end).toBe('confirmed');
    }),
    { numRuns: 150 },
  );
});

test('a kill that one frozen instance ignores is never confirmed', () => {
  fc.assert(
    fc.property(fc.array(anyInstance, { minLength: 1, maxLength: 6 }), anyStart, anyEvery, (instances, t0, every) => {
      const { receipt } = play(
        instances.map((one, i) => ({ ...one, frozen: i === 0 })),
        t0,
        every,
      );
      expect(receipt.end).toBe('contradicted');
    }),
    { numRuns: 150 },
  );
});

test('the effect is never dated before the last instance obeys', () => {
  fc.assert(
    fc.property(fc.array(anyInstance, { minLength: 1, maxLength: 6 }), anyStart, anyEvery, (instances, t0, every) => {
      const { receipt, allObeyAt } = play(
        instances.map((one) => ({ ...one, frozen: false })),
        t0,
        every,
      );
      expect(effectTime(receipt)).toBeGreaterThanOrEqual(allObeyAt);
    }),
    { numRuns: 100 },
  );
});
