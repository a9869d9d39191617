import { expect, test } from 'vitest';
import { readAlerts } from '#app/domain/openslo/alerts.ts';
import { fileReach } from '#app/domain/openslo/reach.ts';
import { importDocument } from '#app/domain/slo-import/import-document.ts';
import { readYaml } from '#app/domain/yaml/document.ts';

const file = `version: prometheus/v1
service: shop
labels: { tier: 2 }
slos:
  - name: answers
    objective: 99.9
    description: Requests end well.
    sli:
      events:
        error_query: sum(rate(http_total{code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_total[{{.window}}]))
    alerting: {}
`;

function imported(text: string, owner: string | null = null, days = 28) {
  const [source] = readYaml(text, 'sloth.yaml').documents;
  const { documents, problems } = importDocument(source!, { days, owner });
  return {
    documents,
    problems: problems.map(({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`),
    slos: readAlerts(
      documents.map((value) => ({ file: 'out.yaml', value, place: () => ({ line: 1, column: 1 }) })),
      fileReach,
    ),
  };
}

function changed(from: string, to: string): string {
  if (!file.includes(from)) throw new Error(`not in the file: ${from}`);
  return file.replace(from, to);
}

const queries = (errors: string, total: string) => `error_query: '${errors}'\n        total_query: '${total}'`;
const plain = `error_query: sum(rate(http_total{code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_total[{{.window}}]))`;

test('an SLO of counters becomes selectors that our reader takes', () => {
  const { slos, problems, documents } = imported(file);
  expect(problems).toEqual([]);
  expect(slos.problems).toEqual([]);
  expect(slos.declared.map(({ value }) => value)).toMatchObject([
    {
      id: 'shop-answers',
      service: 'shop',
      description: 'Requests end well.',
      objective: 0.999,
      paging: 'shadow',
      profile: 'workbook-28d',
      period: { kind: 'rolling', days: 28 },
      indicator: {
        kind: 'prometheus',
        counted: 'bad',
        part: { selector: 'http_total{code=~"5.."}' },
        total: { selector: 'http_total' },
      },
    },
  ]);
  expect(documents[0]!.metadata.labels).toEqual({ tier: '2' });
});

test.each([
  ['sum(increase(e[{{ .window }}]))', 'sum(increase(t[{{.window}}]))', 'bad', 'e'],
  ['(sum(rate(e[{{.window}}])) or on() vector(0))', 'sum(rate(t[{{.window}}]))', 'bad', 'e'],
  [
    '( sum(rate(t[{{.window}}])) - sum(rate(b{le="0.3"}[{{.window}}])) )',
    'sum(rate(t[{{.window}}]))',
    'good',
    'b{le="0.3"}',
  ],
  ['sum(rate(e{path="a)-b/["}[{{.window}}]))', 'sum(rate(t[{{.window}}]))', 'bad', 'e{path="a)-b/["}'],
])('%s over %s counts %s events of %s', (errors, total, counted, selector) => {
  const { slos, problems } = imported(changed(plain, queries(errors, total)));
  expect(problems).toEqual([]);
  expect(slos.declared[0]!.value.indicator).toMatchObject({ counted, part: { selector }, total: { selector: 't' } });
});

test.each([
  ['sum by (job) (rate(e[{{.window}}]))', 'sum(rate(t[{{.window}}]))'],
  ['sum(rate(e[{{.window}}]))', 'sum(increase(t[{{.window}}]))'],
  ['sum(rate(u[{{.window}}])) - sum(rate(b[{{.window}}]))', 'sum(rate(t[{{.window}}]))'],
  ['sum(rate(e[{{.window}}])) * 2', 'sum(rate(t[{{.window}}]))'],
])('%s over %s stays a pair of queries, with a warning', (errors, total) => {
  const { slos, problems } = imported(changed(plain, queries(errors, total)));
  expect(slos.declared[0]!.value.indicator).toMatchObject({ part: { query: errors }, total: { query: total } });
  expect(problems).toEqual([expect.stringMatching(/^10:9 warning These queries are more than sums/)]);
});

test.each([
  [
    `events:\n        ${plain}`,
    "raw: { error_ratio_query: 'sum(rate(e[{{.window}}])) / sum(rate(t[{{.window}}]))' }",
    'bad',
  ],
  [
    `events:\n        ${plain}`,
    "raw: { error_ratio_query: '1 - (sum(rate(e[{{.window}}])) / sum(rate(t[{{.window}}])))' }",
    'good',
  ],
])('a raw quotient of counters is carried over', (from, to, counted) => {
  const { slos, problems } = imported(changed(from, to));
  expect(problems).toEqual([]);
  expect(slos.declared[0]!.value.indicator).toMatchObject({
    counted,
    part: { selector: 'e' },
    total: { selector: 't' },
  });
});

test.each([
  [
    'a ratio without counts',
    `events:\n        ${plain}`,
    'raw: { error_ratio_query: slo_ratio }',
    '9:33 error A ratio without its counts',
  ],
  ['a plugin', `events:\n        ${plain}`, 'plugin: { id: x }', '9:7 error An SLI plugin'],
  ['no SLI', `events:\n        ${plain}`, '{}', '8:5 error Exactly one of "events" and "raw"'],
  ['an objective of 100 %', '99.9', '100', '5:5 error This cannot be carried over: An objective of 100 %'],
  ['an unknown field', 'alerting: {}', 'alertings: {}', '12:5 error Unknown field "alertings"'],
  ['no window', 'http_total[{{.window}}]', 'http_total[5m]', '11:22 error The query has no {{.window}}'],
  ['another template', '"5.."}[{{.window}}]', '{{ .x }}[{{.window}}]', '10:22 error Only the template'],
  ['no name', 'service: shop', 'service: "…"', '2:10 error No name can be made'],
  [
    'two of one name',
    'alerting: {}\n',
    'alerting: {}\n  - name: answers\n    objective: 9\n    sli: { raw: { error_ratio_query: "sum(rate(e[{{.window}}])) / sum(rate(t[{{.window}}]))" } }\n',
    '13:11 error Two SLOs',
  ],
])('%s is refused at its place', (_, from, to, expected) => {
  const { problems } = imported(changed(from, to));
  expect(problems).toContainEqual(expect.stringContaining(expected));
});

test('a service is printed when its owner is known', () => {
  expect(imported(file).slos.services).toEqual([]);
  expect(imported(file, 'sales').slos.services[0]!.value).toMatchObject({ id: 'shop', owner: 'sales' });
  expect(imported(changed('tier: 2', 'team: buyers')).slos.services[0]!.value.owner).toBe('buyers');
});

test('an alert that is turned off becomes a burn profile without its tiers', () => {
  const { slos } = imported(changed('alerting: {}', 'alerting: { page_alert: { disable: true } }'));
  expect(slos.declared[0]!.value.profile).toBe('tickets-28d');
  expect(slos.profiles[0]!.value).toMatchObject({
    periodMinutes: 28 * 1440,
    tiers: [{ tier: 'ticket-fast' }, { tier: 'ticket-slow' }],
  });
});

test('labels of alerts are not carried over, and it says so', () => {
  const { problems } = imported(changed('alerting: {}', 'alerting: { page_alert: { labels: { to: ops } } }'));
  expect(problems).toEqual([expect.stringMatching(/^12:39 warning "labels" of alerts are not carried over/)]);
});

test.each([
  ['apiVersion: openslo/v1\nkind: SLO\n', 'This is OpenSLO already.'],
  ['kind: PrometheusServiceLevel\n', 'Kubernetes'],
  ['hello: 1\n', 'neither'],
  ['- 1\n', 'neither'],
  ['text\n', 'neither'],
])('%j is no file to import', (text, expected) => {
  expect(imported(text).problems[0]).toContain(expected);
});

test('an objective that a tier can never reach gets a profile without it; the usual one needs none', () => {
  expect(imported(file, null, 30).documents.map(({ kind }) => kind)).toEqual(['SLO']);
  const { slos } = imported(changed('99.9', '90'), null, 30);
  expect(slos.declared[0]!.value.profile).toBe('page-slow-ticket-fast-ticket-slow-30d');
  expect(slos.problems).toEqual([]);
});
