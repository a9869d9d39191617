import { type Alerts, readAlerts } from '#app/domain/openslo/alerts.ts';
import { consoleReach, type Reach } from '#app/domain/openslo/reach.ts';
import { readYaml } from '#app/domain/yaml/document.ts';

/** A service, a source and one SLO that are as they should be; the SLO begins at line 18. */
export const good = `apiVersion: openslo/v1
kind: Service
metadata:
  name: shop
  annotations:
    firebreak.dev/owner: sales
spec:
  description: Sells.
---
apiVersion: openslo/v1
kind: DataSource
metadata: { name: gcp }
spec:
  type: GoogleCloudMonitoring
  connectionDetails:
    project: acme
---
apiVersion: openslo/v1
kind: SLO
metadata:
  name: shop-availability
  displayName: Shop answers
  annotations:
    firebreak.dev/paging: firebreak
    firebreak.dev/min-bad-events: "20"
spec:
  description: Most requests end well.
  service: shop
  indicator:
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource:
            metricSourceRef: gcp
            spec:
              filter: metric.type="m" metric.label."class"="5xx"
        total:
          metricSource:
            type: GoogleCloudMonitoring
            spec:
              project: other
              filter: metric.type="m"
              settle: 5m
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.999
`;

/** The good documents with one part replaced; throws when the part is not there, so that a table cannot go stale. */
export function changed(from: string, to: string): string {
  if (!good.includes(from)) throw new Error(`not in the file: ${from}`);
  return good.replace(from, to);
}

/** What the documents of one file declare, problems of syntax included. */
export function read(text: string, reach: Reach = consoleReach): Alerts {
  const { documents, problems } = readYaml(text, 'alerts/a.yaml');
  const alerts = readAlerts(documents, reach);
  return { ...alerts, problems: [...problems, ...alerts.problems] };
}

/** Problems as `line:column message | hint`. */
export function problemsOf(text: string, reach: Reach = consoleReach): string[] {
  return read(text, reach).problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint ?? ''}`,
  );
}

/** An SLO over Prometheus counters in a file of its own, with one part replaced. Line 12 holds its bad selector. */
export function prometheusSlo(from = '', to = ''): string {
  const text = `apiVersion: openslo/v1
kind: SLO
metadata: { name: shop-answers }
spec:
  service: shop
  indicator:
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource:
            { type: Prometheus, spec: { selector: 'http_requests_total{code=~"5.."}' } }
        total:
          metricSource:
            { type: Prometheus, spec: { selector: http_requests_total } }
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.999
`;
  if (!text.includes(from)) throw new Error(`not in the file: ${from}`);
  return text.replace(from, to);
}
