import { expect, test } from 'vitest';
import { history, historyDays } from '#simulator/world/history.ts';
import type { MinuteRecord } from '#simulator/world/minute-record.ts';
import { oldIncidents } from '#simulator/world/old-incidents.ts';
import { expectedRequests, makeProfile } from '#simulator/world/profile.ts';
import { initialRevisions } from '#simulator/world/revisions.ts';
import { shop, shopSlos } from '../support/studio.ts';

const start = Date.UTC(2026, 4, 20, 12);
const day = 86_400_000;

function open(seed: string): Generator<MinuteRecord> {
  const profile = makeProfile(seed, shop, shopSlos);
  return history(seed, profile, start, oldIncidents(seed, profile, start), { 'one-click': 0.05 });
}
const first = [...open('a')];
const sum = (records: MinuteRecord[], of: (record: MinuteRecord) => number) =>
  records.reduce((total, record) => total + of(record), 0);
const requests = (record: MinuteRecord) => record.requests.reduce((n, cell) => n + cell.count, 0);
const failed = (record: MinuteRecord) =>
  record.requests.filter((cell) => cell.code >= 500).reduce((n, cell) => n + cell.count, 0);
const slow = (record: MinuteRecord) =>
  record.requests.reduce((n, cell) => n + cell.latency.slice(11).reduce((a, b) => a + b, 0), 0);
const within = (from: number, to: number) => first.filter((r) => r.minute * 60_000 >= from && r.minute * 60_000 < to);

test('the same seed has the same past, another seed another one', () => {
  const firstDay = (seed: string) => {
    const minutes = open(seed);
    return JSON.stringify(Array.from({ length: 1440 }, () => minutes.next().value));
  };
  expect(firstDay('a')).toBe(JSON.stringify(first.slice(0, 1440)));
  expect(firstDay('b')).not.toBe(firstDay('a'));
});

test('every minute of 35 days is there, once and in order', () => {
  expect(first.length).toBe(historyDays * 1440);
  expect(first.every((record, i) => record.minute === first[0]!.minute + i)).toBe(true);
});

test('all counts of a minute agree with each other', () => {
  for (const record of first.filter((_, i) => i % 61 === 0)) {
    const total = requests(record);
    expect(sum([record], (r) => r.flags.reduce((n, cell) => n + cell.count, 0))).toBe(total);
    for (const cell of record.requests) expect(cell.latency.reduce((a, b) => a + b, 0)).toBe(cell.count);
    expect(record.failures.reduce((n, cell) => n + cell.count, 0)).toBe(failed(record));
  }
});

test('a month spends 30 to 90 % of each budget, and the last three days are calm', () => {
  const month = within(start - 30 * day, start);
  const errors = sum(month, failed) / sum(month, requests) / 0.001;
  const late = sum(month, slow) / sum(month, requests) / 0.01;
  expect(errors).toBeGreaterThan(0.3);
  expect(errors).toBeLessThan(0.9);
  expect(late).toBeGreaterThan(0.1);
  expect(late).toBeLessThan(0.9);
  const calm = within(start - 3 * day, start);
  expect(sum(calm, failed) / sum(calm, requests) / 0.001).toBeLessThan(0.5);
});

test('nights are quieter than afternoons, and weekends than weekdays', () => {
  const at = (hour: number) => sum(within(Date.UTC(2026, 4, 19, hour), Date.UTC(2026, 4, 19, hour + 1)), requests);
  expect(at(2)).toBeLessThan(at(14) * 0.7);
  const sunday = sum(within(Date.UTC(2026, 4, 17), Date.UTC(2026, 4, 18)), requests);
  const tuesday = sum(within(Date.UTC(2026, 4, 19), Date.UTC(2026, 4, 20)), requests);
  expect(sunday).toBeLessThan(tuesday * 0.8);
});

test('each minute is served by the revision that was live then', () => {
  const revisions = initialRevisions('a', 'checkout-run', start);
  expect(revisions.length).toBeGreaterThan(6);
  expect(start - revisions.at(-1)!.createdAt).toBeGreaterThan(18 * 3_600_000 - 1000);
  for (const record of first.filter((_, i) => i % 500 === 0)) {
    const live = revisions.filter((one) => one.createdAt <= record.minute * 60_000).at(-1)!;
    expect(record.requests.every((cell) => cell.revision === live.name)).toBe(true);
  }
});

test('the bad hours cost the same share of the budget, at whatever hour of the week the world begins', () => {
  const profile = makeProfile('a', shop, shopSlos);
  const hours = Array.from({ length: 7 * 24 }, (_, hour) => {
    const begins = start + hour * 3_600_000;
    const asked = (from: number, to: number) => {
      let requests = 0;
      for (let at = from; at < to; at += 60_000) requests += expectedRequests(profile, at / 60_000);
      return requests;
    };
    const month = asked(begins - 30 * day, begins);
    const lost = oldIncidents('a', profile, begins).map(
      ({ from, to, failShare, slowShare }) => asked(from, to!) * (failShare + slowShare / 2),
    );
    return lost.map((each, i) => each / month / (i < 2 ? profile.errorBudget : profile.slowBudget));
  });
  for (const [i] of hours[0]!.entries()) {
    const shares = hours.map((each) => each[i]!);
    expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(1.1);
  }
});
