import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const count = (more: string) =>
  `metric.type="run.googleapis.com/request_count" resource.type="cloud_run_revision" resource.label."service_name"="oven"${more}`;

const alerts = `apiVersion: firebreak/v1
kind: Organisation
metadata: { name: bakery, displayName: Bakery }
spec: { description: Bread by post. }
---
apiVersion: openslo/v1
kind: DataSource
metadata: { name: gcp }
spec: { type: GoogleCloudMonitoring, connectionDetails: { project: bakery } }
---
apiVersion: openslo/v1
kind: Service
metadata:
  name: oven
  annotations:
    firebreak.dev/cloud-run: projects/bakery/locations/europe-west3/services/oven
    firebreak.dev/pagerduty-service: POVEN01
    firebreak.dev/owner: bakers
spec: { description: Bakes. }
---
apiVersion: openslo/v1
kind: SLO
metadata:
  name: oven-answers
  annotations: { firebreak.dev/paging: firebreak, firebreak.dev/burn-profile: default, firebreak.dev/runbook: oven-burns }
spec:
  service: oven
  indicator:
    metadata: { name: oven-requests }
    spec:
      ratioMetric:
        counter: true
        bad: { metricSource: { metricSourceRef: gcp, type: GoogleCloudMonitoring, spec: { filter: '${count(' metric.label."response_code_class"="5xx"')}' } } }
        total: { metricSource: { metricSourceRef: gcp, type: GoogleCloudMonitoring, spec: { filter: '${count('')}' } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ displayName: Answers, target: 0.995 }]
`;

const flag = `apiVersion: firebreak/v1
kind: Flag
metadata: { name: steam }
spec:
  type: release
  owners: [bakers]
  service: oven
  slos: [oven-answers]
  safe: off
  environments: [{ name: production, protected: true }]
  expires: 2030-01-01
`;

const head = (title: string) => `---
title: ${title}
owner: bakers
runbook: { version: 1, service: oven, slos: [oven-answers] }
---
`;

const runbook = `${head('The oven burns')}
\`\`\`yaml runbook-step
id: steam-off
uses: flag.kill
with: { flag: steam, environment: production }
verify: { slo: oven-answers, burn_under: 1, window: 5m, within: 15m }
expires: 7d
\`\`\`
`;

const unrehearsed = `${head('The oven is cold')}
\`\`\`yaml runbook-step
id: look
uses: manual
with: { ask: Is it plugged in?, outcomes: [yes, no] }
\`\`\`
`;

const rehearsal = `apiVersion: firebreak/v1
kind: Rehearsal
runbook: oven-burns
cases:
  - name: steam burns it, and turning steam off ends it
    given: [{ fault: bad-flag, flag: steam }]
    act: [{ confirm: steam-off }]
    expect:
      steps: { steam-off: { state: succeeded, result: improved } }
      flags: { steam: off }
  - name: a viewer turns steam off
    given: [{ fault: flag-turned, flag: steam }]
    act: [{ confirm: steam-off, by: vera, refused: Viewers read }]
    expect:
      steps: { steam-off: planned }
      flags: { steam: off }
`;

/** A small catalog that is nobody's but a test's, in a folder of its own: one service, one flag, and a rehearsal whose second case cannot hold. */
export function makeBakery(): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-bakery-'));
  const files = {
    'alerts/oven.yaml': alerts,
    'flags/steam.yaml': flag,
    'runbooks/oven-burns.md': runbook,
    'runbooks/oven-burns.rehearsal.yaml': rehearsal,
    'runbooks/oven-cold.md': unrehearsed,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  copyFileSync('alerts/burn-profiles.yaml', join(dir, 'alerts', 'burn-profiles.yaml'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
