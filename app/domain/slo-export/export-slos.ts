import type { Alerts } from '../openslo/alerts.ts';
import { profileOf } from '../openslo/profile-of.ts';
import type { Problem } from '../runbook/runbook.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { reporter } from '../yaml/validate.ts';
import { alertPolicies } from './alert-policies.ts';
import { cloudMonitoringSlo } from './cloud-monitoring-slo.ts';
import type { AlertPolicyJson, ServiceJson, ServiceLevelObjectiveJson } from './cloud-monitoring-types.ts';
import type { ExportInput, Loss, Pages } from './exported.ts';
import { prometheusRules, type RuleGroup } from './prometheus-rules.ts';

/** An alert policy with the project it belongs to. */
export interface WantedPolicy {
  project: string;
  policy: AlertPolicyJson;
}

/** What the SLOs of some files become in Cloud Monitoring. */
export interface CloudMonitoringExport {
  services: ServiceJson[];
  serviceLevelObjectives: ServiceLevelObjectiveJson[];
  alertPolicies: WantedPolicy[];
  problems: Problem[];
}

/** The SLOs of some files for Cloud Monitoring; what it cannot hold is reported at its place in their files. */
export function exportToCloudMonitoring(alerts: Alerts, pages: Pages): CloudMonitoringExport {
  const services = new Map<string, ServiceJson>();
  const serviceLevelObjectives: ServiceLevelObjectiveJson[] = [];
  const wanted: WantedPolicy[] = [];
  const problems = eachSlo(alerts, (input) => {
    const { resources, losses } = cloudMonitoringSlo(input);
    if (!resources) return losses;
    services.set(resources.service.name, resources.service);
    serviceLevelObjectives.push(resources.slo);
    const { policies, losses: more } = alertPolicies(input, resources.slo.name, pages);
    wanted.push(...policies.map((policy) => ({ project: resources.project, policy })));
    return [...losses, ...more];
  });
  return { services: [...services.values()], serviceLevelObjectives, alertPolicies: wanted, problems };
}

/** The SLOs of some files as rule groups of Prometheus; what it cannot hold is reported at its place in their files. */
export function exportToPrometheus(alerts: Alerts, pages: Pages): { groups: RuleGroup[]; problems: Problem[] } {
  const groups: RuleGroup[] = [];
  const problems = eachSlo(alerts, (input) => {
    const rules = prometheusRules(input, pages);
    groups.push(...rules.groups);
    return rules.losses;
  });
  return { groups, problems };
}

function eachSlo(alerts: Alerts, visit: (input: ExportInput) => Loss[]): Problem[] {
  const problems: Problem[] = [];
  const profiles = alerts.profiles.map(({ value }) => value);
  for (const { value: slo, source } of alerts.declared) {
    const report = reporter(source);
    const profile = profileOf(slo, profiles);
    if (!profile)
      report.error(
        places['burn-profile'],
        `There is no burn profile "${slo.profile}".`,
        didYouMean(
          slo.profile,
          profiles.map(({ name }) => name),
        ) ?? 'Give its file, or the whole folder.',
      );
    else {
      const service = alerts.services.find(({ value }) => value.id === slo.service)?.value ?? null;
      for (const { severity, about, message, hint } of visit({ slo, profile, service }))
        report[severity](places[about], `${slo.id}: ${message}`, hint);
    }
    problems.push(...report.problems);
  }
  return problems;
}

const annotation = (key: string) => ['metadata', 'annotations', `firebreak.dev/${key}`];

/** Where in an OpenSLO document each field stands. */
const places: Record<Loss['about'], string[]> = {
  objective: ['spec', 'objectives'],
  window: ['spec', 'timeWindow'],
  budgeting: ['spec', 'budgetingMethod'],
  indicator: ['spec', 'indicator'],
  name: ['metadata', 'name'],
  'min-bad-events': annotation('min-bad-events'),
  paging: annotation('paging'),
  'burn-profile': annotation('burn-profile'),
};
