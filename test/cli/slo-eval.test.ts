import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { prometheusSlo } from '../domain/openslo/documents.ts';
import { monday } from '../domain/slo/make.ts';
import { root } from '../structure/source-files.ts';
import { firebreak } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'firebreak-eval-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(text: string, ending = 'yaml'): string {
  files += 1;
  const path = join(folder, `f${files}.${ending}`);
  writeFileSync(path, text);
  return path;
}

const s = (minute: number) => monday / 1000 + minute * 60;

/** Counters from `from` to `to` minutes around Monday; `bad` and `total` say what each minute adds, null leaves it out. */
function counters(from: number, to: number, add: (minute: number) => { bad: number; total: number } | null): string {
  const lines = ['# TYPE http_requests counter'];
  const sum = { bad: 7000, good: 900_000 };
  for (let minute = from; minute <= to; minute++) {
    const now = minute === from ? { bad: 0, total: 0 } : add(minute);
    if (!now) continue;
    sum.bad += now.bad;
    sum.good += now.total - now.bad;
    lines.push(`http_requests_total{code="200"} ${sum.good} ${s(minute)}`);
    lines.push(`http_requests_total{code="503"} ${sum.bad} ${s(minute)}`);
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

interface Line {
  at: string;
  slo: string;
  objective?: number;
  windows: Record<string, { bad: number; total: number; burn: number | null; coverage: number }>;
  period: { bad: number; total: number; budgetRemaining: number | null; coverage: number };
  alert: { state: string; tier: string | null };
}

async function evaluate(slo: string, samples: string, from: number, until: number, ...more: string[]) {
  const args = [
    '--slo',
    file(slo),
    '--samples',
    file(samples, 'om'),
    '--from',
    String(s(from)),
    '--until',
    String(s(until)),
  ];
  const answer = await firebreak(['slo', 'eval', ...args, '--json', ...more]);
  const lines = answer.out === '' ? [] : answer.out.split('\n').map((line) => JSON.parse(line) as Line);
  return { ...answer, lines };
}

const calm = () => ({ bad: 0, total: 1000 });

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

describe('what is wrong is said on stderr, and stdout stays empty', () => {
  const om = () => file(counters(0, 5, calm), 'om');
  const range = ['--from', String(s(1)), '--until', String(s(5))];

  test.each([
    [[], '--slo is missing'],
    [['--slo', 'x'], '--samples is missing'],
    [['--slo', 'x', '--samples', 'y'], '--from is missing'],
    [['--slo', 'x', '--samples', 'y', '--from', '5', '--until', '4'], '--from lies after --until.'],
    [
      ['--slo', 'x', '--samples', 'y', '--from', '2026-02-30T00:00:00Z', '--until', '4'],
      '"2026-02-30T00:00:00Z" is not a time',
    ],
    [['--slo', 'x', '--samples', 'y', '--from', '2026-02-03', '--until', '4'], '"2026-02-03" is not a time'],
    [['--slo', 'x', '--samples', 'y', '--from', '1763769600000', '--until', '4'], 'seconds, not milliseconds'],
    [['--slo', 'x', '--samples', 'y', '--from', '1', '--until', '4', '--every', '0s'], '--every "0s"'],
    [['--slo', 'x', '--samples', 'y', '--from', '1', '--until', '4', '--every', 'soon'], '--every "soon"'],
    [['--slo', 'x', '--samples', 'y', '--from', '1', '--until', '999999999'], 'over five years'],
    [['--frm', '1'], '--frm'],
  ])('%j is misuse', async (args, message) => {
    const { code, out, err } = await firebreak(['slo', 'eval', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  test.each([
    ['kind: SLO\n', 'f\\d+.yaml:1:1 error "apiVersion" is missing'],
    [prometheusSlo('target: 0.999', 'target: 1'), ':\\d+:15 error An objective of 100 %'],
    [prometheusSlo('service: shop', 'servise: shop'), ':\\d+:3 error Unknown field "servise"'],
    ['', 'f\\d+.yaml:1:1 error No SLO here is counted by Prometheus selectors'],
    ['a: [', 'error'],
  ])('an SLO file that begins with %j', async (slo, message) => {
    const { code, out, err } = await firebreak([
      'slo',
      'eval',
      '--slo',
      file(slo),
      '--samples',
      om(),
      ...range,
      '--json',
    ]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(new RegExp(message));
  });

  test('files that are not there, or no text', async () => {
    const gone = await firebreak(['slo', 'eval', '--slo', join(folder, 'gone.yaml'), '--samples', om(), ...range]);
    expect(gone).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('gone.yaml:1:1 error There is no such file.'),
    });
    const noSamples = await firebreak(['slo', 'eval', '--slo', file(prometheusSlo()), '--samples', folder, ...range]);
    expect(noSamples).toMatchObject({ code: 1, out: '', err: expect.stringContaining('This is a folder') });
  });

  test('samples that are not OpenMetrics, with line and column', async () => {
    const samples = `http_requests_total{code="200"} 5 ${s(0)}\nhttp_requests_total{code="200"} x ${s(1)}\n# EOF\n`;
    const { code, out, err } = await evaluate(prometheusSlo(), samples, 0, 5);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/f\d+\.om:2:33 error A number is expected, not "x"\./);
  });
});

test('help explains the commands of SLOs together and each alone', async () => {
  const all = await firebreak(['--help']);
  expect(all).toMatchObject({ code: 0, err: '' });
  for (const part of ['slo eval', 'slo lint', 'Examples:', 'Exit code: 0 done']) expect(all.out).toContain(part);
  const group = await firebreak(['slo', '--help']);
  expect(group).toMatchObject({ code: 0, err: '' });
  for (const part of ['--samples', '--for', 'A line of --json']) expect(group.out).toContain(part);
  expect(group.out).not.toContain('change record');
  expect((await firebreak(['help', 'slo'])).out).toBe(group.out);
  const half = await firebreak(['slo', 'evil']);
  expect(half).toMatchObject({ code: 2, out: '' });
  expect(half.err).toContain('There is no command "slo evil".');
  expect(half.err).toContain('slo eval');
});

test('the real program prints JSON alone on stdout, and ends with the code', () => {
  const args = [
    '--slo',
    file(prometheusSlo()),
    '--samples',
    file(counters(0, 5, calm)),
    '--from',
    String(s(5)),
    '--until',
    String(s(5)),
  ];
  const program = (...more: string[]) => {
    const all = [join(root, 'cli/firebreak.ts'), 'slo', 'eval', ...more];
    return spawnSync(process.execPath, all, { encoding: 'utf8', cwd: root });
  };
  const fine = program(...args, '--json');
  expect({ status: fine.status, stderr: fine.stderr }).toEqual({ status: 0, stderr: '' });
  expect(
    fine.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).slo),
  ).toEqual(['shop-answers']);
  expect(program('--json')).toMatchObject({ status: 2, stdout: '' });
});
