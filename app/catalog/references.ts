import type { FlagDeclaration } from '../domain/flag/flag.ts';
import type { Declared } from '../domain/openslo/alerts.ts';
import type { RolloutPlan } from '../domain/rollout/plan.ts';
import type { Service } from '../domain/service/service.ts';
import type { DataSource } from '../domain/slo/data-source.ts';
import type { Slo } from '../domain/slo/slo.ts';
import type { Path } from '../domain/yaml/document.ts';
import { didYouMean } from '../domain/yaml/nearest.ts';
import type { Reporter } from '../domain/yaml/validate.ts';

/** The names that documents may refer to. */
export interface Names {
  services: string[];
  slos: string[];
  flags: string[];
  runbooks: string[];
}

/** Path of one of our annotations. */
export function annotation(key: string): Path {
  return ['metadata', 'annotations', `firebreak.dev/${key}`];
}

/** A service with the dependencies that exist; names of others are reported. */
export function checkService({ value: service }: Declared<Service>, names: Names, report: Reporter): Service {
  const missing = service.dependsOn.filter((id) => !names.services.includes(id));
  for (const id of missing)
    report.error(annotation('depends-on'), `There is no service "${id}".`, didYouMean(id, names.services));
  checkRunbook(service.runbook, names, report);
  if (service.rollout) checkGuards(service.rollout, names, report, annotation('rollout'));
  return { ...service, dependsOn: service.dependsOn.filter((id) => names.services.includes(id)) };
}

/** An SLO, or null when its service does not exist: nobody could be paged for it. */
export function checkSlo({ value: slo }: Declared<Slo>, names: Names, report: Reporter): Slo | null {
  checkRunbook(slo.runbook, names, report);
  if (slo.runbook === null)
    report.warning(
      ['metadata', 'name'],
      `SLO "${slo.id}" has no runbook: whoever is paged starts from nothing.`,
      'Add the annotation firebreak.dev/runbook with the name of a file in runbooks/.',
    );
  if (names.services.includes(slo.service)) return slo;
  report.error(['spec', 'service'], `There is no service "${slo.service}".`, didYouMean(slo.service, names.services));
  return null;
}

/** A data source as it is; a runbook that does not exist is reported. */
export function checkSource({ value }: Declared<DataSource>, names: Names, report: Reporter): DataSource {
  checkRunbook(value.runbook, names, report);
  return value;
}

/** A flag with the SLOs that exist. A flag of an unknown service is kept: it can still be turned off. */
export function checkFlag({ value: flag }: Declared<FlagDeclaration>, names: Names, report: Reporter): FlagDeclaration {
  if (!names.services.includes(flag.service))
    report.error(
      ['spec', 'service'],
      `There is no service "${flag.service}".`,
      didYouMean(flag.service, names.services),
    );
  for (const [index, id] of flag.slos.entries())
    if (!names.slos.includes(id))
      report.error(['spec', 'slos', index], `There is no SLO "${id}".`, didYouMean(id, names.slos));
  if (flag.rollout) checkGuards(flag.rollout, names, report, ['spec', 'rollout']);
  return { ...flag, slos: flag.slos.filter((id) => names.slos.includes(id)) };
}

/** An SLO that guards a rollout has to be there: a guard that reads nothing would hold it for ever. */
function checkGuards({ stages }: RolloutPlan, names: Names, report: Reporter, path: Path): void {
  const guarding = stages.flatMap(({ guards }) =>
    guards.flatMap(({ source }) => (source.kind === 'slo' ? [source.slo] : [])),
  );
  for (const id of new Set(guarding))
    if (!names.slos.includes(id))
      report.error(path, `There is no SLO "${id}" to guard it.`, didYouMean(id, names.slos));
}

function checkRunbook(slug: string | null, names: Names, report: Reporter): void {
  if (slug === null || names.runbooks.includes(slug)) return;
  const guess = didYouMean(slug, names.runbooks);
  report.error(annotation('runbook'), `There is no runbook "${slug}".`, guess ?? `Write runbooks/${slug}.md.`);
}
