import fc from 'fast-check';
import type { DeclaredSlo } from '#app/domain/slo/declared.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { windowMinutes } from '#app/domain/slo/slo.ts';
import type { ExportInput, Loss } from '#app/domain/slo-export/exported.ts';

/** Pages of a console that is nowhere. */
export const pages = {
  slo: (id: string) => `https://fb.example/slos/${id}`,
  runbook: (slug: string) => `https://fb.example/runbooks/${slug}`,
};

/** An SLO of Cloud Monitoring counts that everything can be exported of. */
export const counted: DeclaredSlo = {
  id: 'shop-answers',
  document: 'shop-answers',
  title: 'Shop answers',
  description: 'Requests end well.',
  service: 'shop',
  objective: 0.999,
  period: { kind: 'rolling', days: 30 },
  indicator: {
    kind: 'ratio',
    total: { project: 'acme', filter: 'metric.type="m" resource.type="r"' },
    bad: { project: 'acme', filter: 'metric.type="m" resource.type="r" metric.label.class="5xx"' },
  },
  budgeting: { method: 'Occurrences' },
  profile: 'default',
  paging: 'cloud-monitoring',
  runbook: 'shop-burn',
  minBadEvents: 10,
  settle: 240_000,
};

/** An SLO of Prometheus counters. */
export const scraped: DeclaredSlo = {
  ...counted,
  indicator: {
    kind: 'prometheus',
    counted: 'bad',
    part: { selector: 'http_total{code=~"5.."}' },
    total: { selector: 'http_total' },
    source: null,
    url: null,
  },
};

/** What an SLO is exported with: its profile by default, and no service. */
export function inputOf(slo: DeclaredSlo): ExportInput {
  return { slo, profile: { ...defaultProfile(slo.period), name: slo.profile }, service: null };
}

/** Losses as `severity about`. */
export const said = (losses: readonly Loss[]) => losses.map(({ severity, about }) => `${severity} ${about}`);

const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,20}[a-z0-9])?$/);
const source = fc.record({
  project: fc.constant('acme'),
  filter: fc.string({ maxLength: 30 }).map((text) => `metric.type="m" metric.label.x="${text.replace(/["\\]/g, '')}"`),
});
const edge = fc.double({ min: 0.001, max: 1e6, noNaN: true });

/** SLOs within what Cloud Monitoring holds. */
export const anyHeld: fc.Arbitrary<DeclaredSlo> = fc
  .record({
    id: name,
    title: fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() !== ''),
    service: name,
    objective: fc.double({ min: 0.0001, max: 0.9999, noNaN: true }),
    days: fc.integer({ min: 1, max: 30 }),
    indicator: fc.oneof(
      fc.record({ kind: fc.constant('ratio' as const), total: source, bad: source }),
      fc.record({ kind: fc.constant('good-ratio' as const), total: source, good: source }),
      fc
        .record({ source, min: fc.option(edge), width: fc.option(edge) })
        .filter(({ min, width }) => min !== null || width !== null)
        .map(({ source: from, min, width }) => ({
          kind: 'latency' as const,
          source: { ...from, min, max: width === null ? null : (min ?? 0) + width },
        })),
    ),
    budgeting: fc.oneof(
      fc.constant({ method: 'Occurrences' as const }),
      fc.record({
        method: fc.constant('Timeslices' as const),
        minutes: fc.constantFrom(...Object.values(windowMinutes).filter((minutes) => minutes <= 1440)),
        target: fc.double({ min: 0.001, max: 1, noNaN: true }),
      }),
    ),
    paging: fc.constantFrom('shadow' as const, 'firebreak' as const, 'cloud-monitoring' as const),
    runbook: fc.option(name),
    minBadEvents: fc.integer({ min: 0, max: 1000 }),
  })
  .map(({ days, ...slo }) => ({
    ...slo,
    document: slo.id,
    description: '',
    period: { kind: 'rolling', days },
    profile: 'default',
    settle: 240_000,
  }));
