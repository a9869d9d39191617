import type { Catalog } from '#app/domain/catalog.ts';
import type { FlagDeclaration } from '#app/domain/flag/flag.ts';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import type { Service } from '#app/domain/service/service.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import type { Slo } from '#app/domain/slo/slo.ts';

const runbookText = `---
title: Voiceover is burning its error budget
owner: media-platform
last_reviewed_on: 2026-11-01
review_in: 3 months
runbook:
  version: 1
  service: voiceover
  slos: [voiceover-availability]
  inputs:
    flag: { type: flag, default: most-recently-changed, label: Suspect flag }
---
## Meaning
Requests to **voiceover** fail faster than its budget allows. See [the other page](other.md).

## Impact
Films cannot be voiced; editors see an error in the timeline.

## Diagnosis
1. Look at the burn.
2. Look at what fails.

\`\`\`yaml runbook-panel
show: burn
slo: voiceover-availability
\`\`\`

\`\`\`bash
gcloud run services describe voiceover --region europe-west1
\`\`\`

## Mitigation
\`\`\`yaml runbook-step
id: kill-flag
title: Bring the suspect flag to its safe state in production
uses: flag.kill
with: { flag: "\${{ inputs.flag }}", environment: production }
require: { slo: voiceover-availability, burn_over: 6, window: 5m }
verify: { slo: voiceover-availability, burn_under: 1, window: 5m, within: 15m }
expires: 7d
\`\`\`
`;

function service(id: string, more: Partial<Service> = {}): Service {
  return {
    id,
    title: id,
    description: `What ${id} does`,
    owner: 'media-platform',
    kind: 'cloud-run',
    cloudRun: { project: 'film-studio', region: 'europe-west1', service: id },
    pagerDutyService: 'PVOICE1',
    dependsOn: [],
    runbook: null,
    ...more,
  };
}

function slo(id: string, of: string, more: Partial<Slo> = {}): Slo {
  const source = { project: 'film-studio', filter: 'metric.type="run.googleapis.com/request_count"' };
  return {
    id,
    title: id.replace('-', ' '),
    description: '',
    service: of,
    objective: 0.999,
    period: { kind: 'rolling', days: 30 },
    indicator: { kind: 'ratio', total: source, bad: source },
    profile: 'default',
    paging: 'firebreak',
    runbook: 'voiceover-burn',
    minBadEvents: 10,
    settle: 240_000,
    ...more,
  };
}

function flag(name: string, more: Partial<FlagDeclaration> = {}): FlagDeclaration {
  return {
    name,
    title: name,
    description: `What ${name} turns`,
    type: 'release',
    owners: ['linus@studio.example', 'voice'],
    service: 'voiceover',
    slos: ['voiceover-availability'],
    safe: { state: 'off' },
    environments: [{ name: 'production', protected: true }],
    expires: '2027-01-31',
    cohort: null,
    ...more,
  };
}

/** A small studio: three services, two SLOs that can burn, two flags, one runbook. */
export function studioCatalog(): Catalog {
  const slos = [
    slo('voiceover-availability', 'voiceover'),
    slo('voiceover-latency', 'voiceover', { objective: 0.99 }),
    slo('studio-api-availability', 'studio-api'),
  ];
  return {
    digest: 'd1',
    organisation: 'film studio',
    services: [
      service('voiceover', { dependsOn: ['studio-api', 'speech-provider'], runbook: 'voiceover-burn' }),
      service('studio-api', { pagerDutyService: 'PSTUDIO' }),
      service('speech-provider', {
        title: 'speech provider',
        kind: 'provider',
        cloudRun: null,
        pagerDutyService: null,
      }),
    ],
    slos,
    profiles: Object.fromEntries(slos.map((each) => [each.id, defaultProfile(each.period)])),
    flags: [flag('voiceover-v2'), flag('voiceover-fallback', { type: 'kill-switch', safe: { state: 'on' } })],
    runbooks: [parseRunbook(runbookText, 'runbooks/voiceover-burn.md', { digest: 'r1' })],
    problems: [],
  };
}
