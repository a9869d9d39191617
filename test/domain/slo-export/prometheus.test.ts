import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { DeclaredSlo } from '#app/domain/slo/declared.ts';
import { prometheusRules, ruleFile } from '#app/domain/slo-export/prometheus-rules.ts';
import { findPrometheus } from '../../support/prometheus.ts';
import { counted, inputOf, pages, said, scraped } from './make.ts';

const programs = findPrometheus();

function rulesOf(slo: DeclaredSlo) {
  const { groups, losses } = prometheusRules(inputOf(slo), pages);
  const rules = groups.flatMap((group) => group.rules);
  const expr = (name: string) => rules.find(({ record }) => record === name)?.expr;
  return { groups, losses, rules, alerts: rules.filter(({ alert }) => alert), expr };
}

const good: DeclaredSlo['indicator'] = {
  kind: 'prometheus',
  counted: 'good',
  part: { selector: 'b{le="0.3"}' },
  total: { selector: 'c' },
  source: null,
  url: null,
};
const query: DeclaredSlo['indicator'] = {
  kind: 'prometheus',
  counted: 'bad',
  part: { query: 'rate(e[{{.window}}])' },
  total: { query: 'rate(t[{{.window}}])' },
  source: null,
  url: null,
};

test('burn is bad over total, each summed over the whole window; a bad series that never was is 0', () => {
  const { expr, losses } = rulesOf(scraped);
  expect(losses).toEqual([]);
  expect(expr('slo:events:increase1h')).toBe('sum(increase(http_total[1h]))');
  expect(expr('slo:bad_events:increase1h')).toBe(
    'sum(increase(http_total{code=~"5.."}[1h])) or 0 * sum(increase(http_total[1h]))',
  );
  expect(expr('slo:burn_rate:ratio1h')).toBe(
    'slo:bad_events:increase1h{slo="shop-answers"}\n/ (slo:events:increase1h{slo="shop-answers"} > 0)\n/ (1 - 0.999)',
  );
});

test('good events count as what is missing from the total', () => {
  expect(rulesOf({ ...scraped, indicator: good }).expr('slo:bad_events:increase5m')).toBe(
    'sum(increase(c[5m]))\n- (sum(increase(b{le="0.3"}[5m])) or 0 * sum(increase(c[5m])))',
  );
});

test('each tier alerts while both windows reach the factor, on enough bad events', () => {
  const { alerts } = rulesOf(scraped);
  expect(alerts.map(({ labels }) => [labels.tier, labels.severity])).toEqual([
    ['page-fast', 'page'],
    ['page-slow', 'page'],
    ['ticket-fast', 'ticket'],
    ['ticket-slow', 'ticket'],
  ]);
  expect(alerts[0]!.expr.split('\nand\n')).toEqual([
    'slo:burn_rate:ratio1h{slo="shop-answers"} >= 14.4 * (1 - 1e-9)',
    'slo:burn_rate:ratio5m{slo="shop-answers"} >= 14.4 * (1 - 1e-9)',
    'slo:bad_events:increase1h{slo="shop-answers"} >= 10',
  ]);
  expect(alerts[0]!.annotations).toMatchObject({ firebreak_url: 'https://fb.example/slos/shop-answers' });
});

test('a query is asked over each window, and its rates are not taken for counts', () => {
  const { expr, alerts, losses, rules } = rulesOf({ ...scraped, indicator: query });
  expect(expr('slo:burn_rate:ratio5m')).toBe(
    '(sum(rate(e[5m])) or 0 * sum(rate(t[5m])))\n/ (sum(rate(t[5m])) > 0)\n/ (1 - 0.999)',
  );
  expect(rules.filter(({ record }) => record?.includes('events'))).toEqual([]);
  expect(alerts[0]!.expr).not.toContain('events');
  expect(said(losses)).toEqual(['warning min-bad-events']);
});

test('every series that an alert reads is recorded', () => {
  for (const indicator of [scraped.indicator, good, query]) {
    const { rules } = rulesOf({ ...scraped, indicator });
    const names = new Set(rules.map(({ record }) => record));
    const read = rules.flatMap(({ expr }) => expr.match(/slo:\w+:\w+/g) ?? []);
    expect(read.filter((name) => !names.has(name))).toEqual([]);
  }
});

describe('what Prometheus cannot hold is said', () => {
  test.each<[string, DeclaredSlo, string, number]>([
    ['counts of Cloud Monitoring', counted, 'error indicator', 0],
    ['slices', { ...scraped, budgeting: { method: 'Timeslices', minutes: 5, target: 0.9 } }, 'error budgeting', 0],
    [
      'a calendar',
      { ...scraped, period: { kind: 'calendar', unit: 'month', timeZone: 'UTC', start: 0 } },
      'warning window',
      1,
    ],
    ['a factor out of reach', { ...scraped, objective: 0.9 }, 'warning burn-profile', 2],
  ])('%s', (_, slo, expected, groups) => {
    const result = rulesOf(slo);
    expect(said(result.losses)).toEqual([expected]);
    expect(result.groups).toHaveLength(groups);
  });
});

test('a title cannot open a template', () => {
  const { alerts } = rulesOf({ ...scraped, title: '{{ template }}' });
  expect(JSON.stringify(alerts)).not.toContain('{{');
});

/** Runs `promtool` on files of a folder that goes away again; false where there is none. */
function promtool(files: Record<string, string>, ...args: string[]): boolean {
  if (!programs) return false;
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-rules-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    execFileSync(programs.promtool, args, { cwd: folder, encoding: 'utf8' });
    return true;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${stdout}${stderr}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('Prometheus itself pages during 15 % of errors, not before them and not long after', (context) => {
  const page =
    'ALERTS{alertname="SLOBurn",alertstate="firing",service="shop",severity="page",slo="shop-answers",tier="page-fast"}';
  const burn = { expr: 'slo:burn_rate:ratio5m', labels: 'slo:burn_rate:ratio5m{slo="shop-answers",service="shop"}' };
  const tests = {
    rule_files: ['rules.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [
          { series: 'http_total{code="200"}', values: '0+1000x60 60850+850x19 77000+1000x60' },
          // Nobody ever saw a failure before the first one.
          { series: 'http_total{code="500"}', values: '_x59 0 150+150x19 3000+0x60' },
        ],
        promql_expr_test: [
          { expr: burn.expr, eval_time: '50m', exp_samples: [{ labels: burn.labels, value: 0 }] },
          { expr: 'ALERTS{tier="page-fast"}', eval_time: '59m', exp_samples: [] },
          { expr: 'ALERTS{tier="page-fast"}', eval_time: '75m', exp_samples: [{ labels: page, value: 1 }] },
          { expr: 'ALERTS{tier="page-fast"}', eval_time: '95m', exp_samples: [] },
        ],
      },
    ],
  };
  const rules = ruleFile(rulesOf(scraped).groups);
  if (!promtool({ 'rules.yaml': rules, 'tests.yaml': stringify(tests) }, 'test', 'rules', 'tests.yaml')) context.skip();
});

test('the rule file is what promtool takes', (context) => {
  const groups = [scraped, { ...scraped, id: 'b', indicator: good }, { ...scraped, id: 'c', indicator: query }].flatMap(
    (slo) => rulesOf(slo).groups,
  );
  const text = ruleFile(groups);
  expect(parse(text)).toEqual({ groups });
  if (!promtool({ 'rules.yaml': text }, 'check', 'rules', 'rules.yaml')) context.skip();
});
