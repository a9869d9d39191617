import { describe, expect, test } from 'vitest';
import { prometheusSlo } from '../domain/openslo/documents.ts';
import { monday } from '../domain/slo/make.ts';
import { calm, counters, evaluate, file, s } from './eval-files.ts';
import { firebreak } from './terminal.ts';

describe('slo eval', () => {
  test('15 % errors for 10 min at 99.9 % page at +6 min and clear at +15 min', async () => {
    const samples = counters(-4320, 60, (minute) => ({ bad: minute > 0 && minute <= 10 ? 150 : 0, total: 1000 }));
    const { lines, code, err } = await evaluate(prometheusSlo(), samples, 0, 30);
    expect({ code, err, steps: lines.length }).toEqual({ code: 0, err: '', steps: 31 });
    const paging = lines.flatMap((line, minute) => (line.alert.tier === 'page-fast' ? [minute] : []));
    expect(paging).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(lines[6]!.alert).toEqual({ state: 'page', tier: 'page-fast' });
    expect(lines[20]!.alert.state).not.toBe('page');
    expect(lines[6]).toMatchObject({
      at: new Date(monday + 360_000).toISOString(),
      slo: 'shop-answers',
      windows: { '5m': { bad: 750, total: 5000, coverage: 1 }, '1h': { bad: 900, total: 60_000 } },
      period: { bad: 900, total: 4_326_000, coverage: 4326 / 43_200 },
    });
    expect(lines[6]!.windows['1h']!.burn).toBeCloseTo(15, 9);
    expect(lines[6]!.period.budgetRemaining).toBeCloseTo(1 - 900 / 4_326_000 / 0.001, 9);
    expect(Object.keys(lines[0]!.windows)).toEqual(['5m', '30m', '1h', '2h', '6h', '1d', '3d']);
    expect(Object.keys(lines[0]!)).toEqual(['at', 'slo', 'windows', 'period', 'alert']);
  });

  test('a reading exactly at the end of a window is in it, one at its start is not', async () => {
    const samples = counters(0, 20, (minute) => ({ bad: minute === 10 ? 7 : 0, total: 100 }));
    const { lines } = await evaluate(prometheusSlo(), samples, 9, 16);
    expect(lines.map(({ windows }) => windows['5m']!.bad)).toEqual([0, 7, 7, 7, 7, 7, 0, 0]);
  });

  test('a step between two minutes ends at the last whole one', async () => {
    const samples = counters(0, 20, calm);
    const at = `${s(10) + 59.5}`;
    const { out } = await firebreak([
      'slo',
      'eval',
      '--slo',
      file(prometheusSlo()),
      '--samples',
      file(samples),
      '--from',
      at,
      '--until',
      at,
      '--json',
    ]);
    expect(JSON.parse(out)).toMatchObject({
      at: new Date(monday + 659_500).toISOString(),
      windows: { '5m': { total: 5000, coverage: 1 } },
    });
    const odd = await evaluate(prometheusSlo(), samples, 10, 13, '--every', '90s');
    expect(odd.lines.map(({ at }) => (Date.parse(at) - monday) / 1000)).toEqual([600, 690, 780]);
  });

  test('zero traffic has no burn, and the period goes on from its events', async () => {
    const samples = counters(-180, 60, (minute) => ({ bad: 0, total: minute <= 0 ? 10 : 0 }));
    const { lines, out } = await evaluate(prometheusSlo(), samples, 60, 60);
    expect(lines[0]).toMatchObject({
      windows: { '5m': { bad: 0, total: 0, burn: null, coverage: 1 } },
      period: { total: 1800, budgetRemaining: 1 },
      alert: { state: 'ok', tier: null },
    });
    expect(out).not.toMatch(/NaN|Infinity/);
  });

  test('a gap lowers coverage, its growth counts once it is read, and an open page neither eases nor clears in it', async () => {
    const samples = counters(-4320, 60, (minute) =>
      minute > 20 && minute <= 40 ? null : { bad: minute > 10 ? 500 : 0, total: 1000 },
    );
    const { lines } = await evaluate(prometheusSlo(), samples, 20, 50);
    expect(lines[10]!.windows['1h']!.coverage).toBeCloseTo(50 / 60, 9);
    expect(lines[10]).toMatchObject({ windows: { '5m': { burn: null, coverage: 0 } }, alert: { tier: 'page-fast' } });
    expect(lines.every(({ alert }) => alert.state === 'page')).toBe(true);
  });

  test('a bad counter that never was is 0 bad; one that appears counts from 0', async () => {
    const good = (to: number) => Array.from({ length: to + 1 }, (_, i) => `up_total{code="200"} ${i * 10} ${s(i)}`);
    const slo = prometheusSlo('http_requests_total{code=~"5.."}', 'up_total{code="500"}').replace(
      'http_requests_total',
      'up_total',
    );
    const never = await evaluate(slo, `${good(60).join('\n')}\n# EOF`, 60, 60);
    expect(never.lines[0]!.windows['1h']).toEqual({ bad: 0, total: 600, burn: 0, coverage: 1 });
    const born = `${good(60).join('\n')}\nup_total{code="500"} 4 ${s(58)}\nup_total{code="500"} 6 ${s(59)}\n# EOF`;
    expect((await evaluate(slo, born, 60, 60)).lines[0]!.windows['1h']).toMatchObject({ bad: 6, total: 606 });
  });

  test('more bad than all: both numbers on stderr, and no alert from it', async () => {
    const samples = Array.from(
      { length: 61 },
      (_, i) => `all_total ${i * 10} ${s(i)}\nhttp_requests_total{code="500"} ${i * 20} ${s(i)}`,
    );
    const slo = prometheusSlo('selector: http_requests_total }', 'selector: all_total }');
    const { lines, err, code } = await evaluate(slo, `${samples.join('\n')}\n# EOF`, 50, 60);
    expect(code).toBe(0);
    expect(err).toMatch(/100 bad events of only 50/);
    expect(lines.every(({ alert, windows }) => alert.state === 'ok' && windows['5m']!.burn === null)).toBe(true);
  });

  test('a selector without any counter says so and covers nothing', async () => {
    const slo = prometheusSlo('selector: http_requests_total }', 'selector: http_request_total }');
    const { lines, err, code } = await evaluate(slo, counters(0, 20, calm), 20, 20);
    expect(code).toBe(0);
    expect(err).toBe(
      'shop-answers: no counter in the samples is "http_request_total". Did you mean "http_requests_total"?',
    );
    expect(lines[0]).toMatchObject({
      period: { total: 0, budgetRemaining: null, coverage: 0 },
      alert: { state: 'ok' },
    });
  });

  test('a good counter that never was makes every event bad, and stderr says which selector finds nothing', async () => {
    const slo = prometheusSlo('bad:', 'good:').replace(
      'http_requests_total{code=~"5.."}',
      'http_requests_total{code="2xx"}',
    );
    const { lines, err } = await evaluate(slo, counters(0, 60, calm), 60, 60);
    expect(lines[0]!.windows['1h']).toMatchObject({ bad: 60_000, total: 60_000 });
    expect(err).toBe('shop-answers: no counter in the samples is "http_requests_total{code="2xx"}".');
  });

  test('latency from bucket counters, good over all', async () => {
    const slo = prometheusSlo(`bad:`, `good:`)
      .replace('http_requests_total{code=~"5.."}', 'seconds_bucket{le="0.5"}')
      .replace('http_requests_total', 'seconds_count');
    const samples = Array.from({ length: 61 }, (_, i) =>
      [
        `seconds_bucket{le="0.5"} ${i * 90}`,
        `seconds_bucket{le="+Inf"} ${i * 100}`,
        `seconds_count ${i * 100}`,
        `seconds_sum ${i * 31.5}`,
      ]
        .map((line) => `${line} ${s(i)}`)
        .join('\n'),
    );
    const { lines, err } = await evaluate(slo, `# TYPE seconds histogram\n${samples.join('\n')}\n# EOF`, 60, 60);
    expect(err).toBe('');
    expect(lines[0]!.windows['1h']).toMatchObject({ bad: 600, total: 6000 });
    expect(lines[0]!.windows['1h']!.burn).toBeCloseTo(100, 9);
  });

  test('a calendar month in Berlin begins at its own midnight, the night before summer time and after', async () => {
    const month = '    - duration: 1M\n      calendar: { startTime: 2026-01-01 00:00:00, timeZone: Europe/Berlin }\n';
    const slo = prometheusSlo('    - duration: 30d\n      isRolling: true\n', month);
    const turn = (Date.UTC(2026, 2, 31, 22) - monday) / 60_000;
    const samples = counters(turn - 600, turn + 600, () => ({ bad: 1, total: 1000 }));
    const { lines } = await evaluate(slo, samples, turn - 1, turn + 600, '--every', '1m');
    expect(lines.slice(0, 3).map(({ period }) => period.bad)).toEqual([599, 0, 1]);
    expect(lines[1]!.period).toEqual({ bad: 0, total: 0, budgetRemaining: null, coverage: 0 });
    expect(lines[601]!.period).toEqual({
      bad: 600,
      total: 600_000,
      budgetRemaining: expect.closeTo(0, 9),
      coverage: 1,
    });
  });

  test('a profile of its own file, and the default of the period without one', async () => {
    const profile = file(
      'apiVersion: firebreak/v1\nkind: BurnProfile\nmetadata: { name: calm }\nspec:\n  period: 7d\n  tiers:\n    - { tier: ticket-fast, long: 1h, short: 5m, share: 0.5 }\n',
    );
    const week = prometheusSlo('30d', '7d');
    const samples = counters(-4320, 0, () => ({ bad: 4, total: 1000 }));
    const byDefault = await evaluate(week, samples, 0, 0);
    // 7 days: 2 % of the budget in an hour is 3.36×.
    expect(byDefault.lines[0]!.alert).toEqual({ state: 'page', tier: 'page-fast' });
    const named = week.replace(
      '{ name: shop-answers }',
      '{ name: shop-answers, annotations: { firebreak.dev/burn-profile: calm } }',
    );
    expect((await evaluate(named, samples, 0, 0, '--slo', profile)).lines[0]!.alert).toEqual({
      state: 'ok',
      tier: null,
    });
    const missing = await evaluate(named, samples, 0, 0);
    expect(missing).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('There is no burn profile "calm".'),
    });
  });

  test('several objectives have a line each, and say which', async () => {
    const slo = prometheusSlo('    - target: 0.999\n', '    - target: 0.999\n    - targetPercent: 90\n');
    const { lines } = await evaluate(
      slo,
      counters(-60, 0, () => ({ bad: 20, total: 1000 })),
      0,
      0,
    );
    expect(lines.map(({ slo, objective }) => [slo, objective])).toEqual([
      ['shop-answers', 0.999],
      ['shop-answers-90', 0.9],
    ]);
    expect(lines[1]!.windows['1h']!.burn).toBeCloseTo(0.2, 9);
  });

  test('slices of five minutes count as one event each', async () => {
    const sliced = prometheusSlo('Occurrences', 'Timeslices').replace(
      '- target: 0.999',
      '- { target: 0.9, timeSliceTarget: 0.95, timeSliceWindow: 5m }',
    );
    const samples = counters(-60, 0, (minute) => ({ bad: minute > -10 ? 60 : 40, total: 1000 }));
    const { lines } = await evaluate(sliced, samples, 0, 0);
    expect(lines[0]!.windows['1h']).toMatchObject({ bad: 2, total: 12, coverage: 1 });
    expect(lines[0]!.windows['5m']).toMatchObject({ bad: 1, total: 1 });
  });

  test('readings that are given twice, in two files, count once', async () => {
    const [first, second] = [counters(0, 40, calm), counters(0, 60, calm)].map((text) => file(text, 'om'));
    const args = [
      'slo',
      'eval',
      '--slo',
      file(prometheusSlo()),
      '--samples',
      first!,
      '--samples',
      second!,
      '--from',
      String(s(60)),
    ];
    const { out } = await firebreak([...args, '--until', String(s(60)), '--json']);
    expect(JSON.parse(out).windows['1h']).toEqual({ bad: 0, total: 60_000, burn: 0, coverage: 1 });
  });

  test('without --json it tells the changes of the alert, and the last step', async () => {
    const samples = counters(-4320, 30, (minute) => ({ bad: minute > 0 && minute <= 10 ? 150 : 0, total: 1000 }));
    const args = [
      'slo',
      'eval',
      '--slo',
      file(prometheusSlo()),
      '--samples',
      file(samples),
      '--from',
      String(s(0)),
      '--until',
      String(s(30)),
    ];
    const { out } = await firebreak(args);
    expect(out.split('\n').map((line) => line.split('  ').slice(0, 3).join(' '))).toEqual([
      '2026-11-16T00:06:00.000Z shop-answers fast page',
      '2026-11-16T00:15:00.000Z shop-answers ok',
      '2026-11-16T00:30:00.000Z shop-answers ok',
    ]);
  });
});
