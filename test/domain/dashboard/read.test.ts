import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDashboard } from '#app/domain/dashboard/read.ts';

const filter = { timeSeriesFilter: { filter: 'metric.type="a"', aggregation: { alignmentPeriod: '60s' } } };
const chart = {
  title: 'A',
  xyChart: { dataSets: [{ timeSeriesQuery: filter }], thresholds: [{ value: 5, label: 'much' }] },
};

function read(document: unknown) {
  const { dashboard, problems } = readDashboard(JSON.stringify(document, null, 2), 'dashboards/shop.json');
  return {
    dashboard: dashboard!,
    problems: problems.map(({ line, column, message }) => `${line}:${column} ${message}`),
  };
}

test('keeps every field it does not know, in order', () => {
  const text =
    '{"zeta": 1, "displayName": "Shop", "gridLayout": {"widgets": [{"novelty": {"b": 1, "a": 2}}]}, "alpha": {"x": null}}';
  const { dashboard, problems } = readDashboard(text, 'dashboards/shop.json');
  expect(JSON.stringify(dashboard!.document)).toBe(JSON.stringify(JSON.parse(text)));
  expect(dashboard!.widgets[0]).toMatchObject({ kind: 'unknown', queries: [] });
  expect(problems).toMatchObject([
    { severity: 'warning', line: 1, column: 75, message: 'Widgets of kind "novelty" are not drawn here.' },
  ]);
});

describe('layouts', () => {
  test('a mosaic tile without a position stands at the origin', () => {
    const { dashboard } = read({
      displayName: 'Shop',
      mosaicLayout: {
        columns: 12,
        tiles: [
          { width: 6, height: 4, widget: chart },
          { xPos: 6, yPos: 2, width: '6', height: 4, widget: chart },
        ],
      },
    });
    expect(dashboard.columns).toBe(12);
    expect(dashboard.widgets.map(({ x, y, width, height }) => [x, y, width, height])).toEqual([
      [0, 0, 6, 4],
      [6, 2, 6, 4],
    ]);
    expect(dashboard.widgets[0]).toMatchObject({
      title: 'A',
      kind: 'xyChart',
      thresholds: [{ value: 5, label: 'much' }],
    });
  });

  test('a grid fills row by row', () => {
    const { dashboard } = read({ displayName: 'Shop', gridLayout: { columns: '3', widgets: Array(4).fill(chart) } });
    expect(dashboard.widgets.map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [0, 1],
    ]);
  });

  test('rows and columns share their lane', () => {
    const rows = read({
      displayName: 'Shop',
      rowLayout: { rows: [{ widgets: [chart, chart] }, { widgets: [chart] }] },
    });
    expect(rows.dashboard.widgets.map(({ x, y, width }) => [x, y, width])).toEqual([
      [0, 0, 24],
      [24, 0, 24],
      [0, 16, 48],
    ]);
    const columns = read({
      displayName: 'Shop',
      columnLayout: { columns: [{ widgets: [chart, chart] }, { widgets: [chart] }] },
    });
    expect(columns.dashboard.widgets.map(({ x, y, width }) => [x, y, width])).toEqual([
      [0, 0, 24],
      [0, 16, 24],
      [24, 0, 24],
    ]);
  });

  test('a tile outside of the grid and a missing layout are warned of', () => {
    const wide = {
      displayName: 'Shop',
      mosaicLayout: { columns: 12, tiles: [{ xPos: 8, width: 6, height: 1, widget: chart }] },
    };
    expect(read(wide).problems).toEqual(['6:7 This tile reaches column 14 of 12.']);
    expect(read({ displayName: 'Shop' }).problems).toEqual(['1:1 This dashboard has no layout, so it shows nothing.']);
  });
});

test('queries are named by language; two of them are not evaluated', () => {
  const queries = [
    filter,
    { timeSeriesFilterRatio: { numerator: { filter: 'n' }, denominator: { filter: 'd' } } },
    { prometheusQuery: 'up' },
    { timeSeriesQueryLanguage: 'fetch x' },
    { opsAnalyticsQuery: { sql: 'SELECT 1' } },
  ];
  const widgets = queries.map((timeSeriesQuery) => ({ scorecard: { timeSeriesQuery } }));
  const { dashboard, problems } = read({ displayName: 'Shop', gridLayout: { widgets } });
  expect(dashboard.widgets.map(({ queries: [query] }) => [query!.kind, query!.evaluated])).toEqual([
    ['filter', true],
    ['ratio', true],
    ['prometheus', true],
    ['mql', false],
    ['ops-analytics', false],
  ]);
  expect(problems.map((problem) => problem.replace(/^\S+ /, ''))).toEqual([
    'MQL (deprecated by Google) is not evaluated here: the panel says so.',
    'Log Analytics SQL is not evaluated here: the panel says so.',
  ]);
});

describe('what is not JSON is said at its place', () => {
  test.each([
    ['{\n  "displayName": oops\n}', 2, 18],
    ["{\n  'displayName': 1\n}", 2, 3],
    ['{\n  "a": 1,\n}', 3, 1],
    ['{\n  "a": 1 // no\n}', 2, 10],
    ['{\n  "a": [1,\n', 3, 1],
    ['', 1, 1],
  ])('%j', (text, line, column) => {
    const { dashboard, problems } = readDashboard(text, 'dashboards/shop.json');
    expect(dashboard).toBeNull();
    expect(problems).toMatchObject([{ line, column, severity: 'error' }]);
  });

  test('a list is JSON and no dashboard', () => {
    expect(readDashboard('[1]', 'a.json').problems[0]!.message).toBe('A dashboard is a JSON object.');
  });
});

test('any JSON is read without a throw', () => {
  const sample = JSON.stringify({
    displayName: 'Shop',
    mosaicLayout: { tiles: [{ widget: chart }] },
    dashboardFilters: [{ labelKey: 'a' }],
  });
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(sample.length), (value, at) => {
      readDashboard(JSON.stringify(value), 'a.json');
      // A well-formed dashboard with a foreign value somewhere in it.
      readDashboard(sample.slice(0, at) + JSON.stringify(value) + sample.slice(at), 'a.json');
      readDashboard(
        JSON.stringify({
          mosaicLayout: { tiles: [{ widget: { xyChart: value } }, value] },
          gridLayout: value,
          dashboardFilters: value,
        }),
        'a.json',
      );
    }),
    { numRuns: 200 },
  );
});
