import type { DeclaredSlo } from '../slo/declared.ts';
import { objectiveText } from '../slo/figures.ts';
import type { Budgeting, CloudIndicator, GaugeIndicator } from '../slo/slo.ts';
import type { RequestBasedJson, ServiceJson, ServiceLevelObjectiveJson } from './cloud-monitoring-types.ts';
import type { ExportInput, Loss } from './exported.ts';
import { labelKeys, madeByUs, onlyLabels, sloLabels } from './user-labels.ts';

/** Limits of Cloud Monitoring's SLOs. https://cloud.google.com/monitoring/api/ref_v3/rest/v3/services.serviceLevelObjectives */
const largestGoal = 0.9999;
const longestDays = 30;
const calendarPeriods = { day: 'DAY', week: 'WEEK', month: 'MONTH', quarter: null, year: null } as const;

/** An SLO as Cloud Monitoring holds it, with its service; null with the reasons when it cannot. */
export function cloudMonitoringSlo(input: ExportInput): {
  resources: { project: string; service: ServiceJson; slo: ServiceLevelObjectiveJson } | null;
  losses: Loss[];
} {
  const { slo, service } = input;
  const losses: Loss[] = [];
  const lose = (severity: Loss['severity'], about: Loss['about'], message: string, hint: string | null = null) =>
    void losses.push({ severity, about, message, hint });

  if (slo.objective > largestGoal || slo.objective <= 0)
    lose(
      'error',
      'objective',
      `Cloud Monitoring takes objectives over 0 and up to 99.99 %, not ${objectiveText(slo.objective)}.`,
    );
  const period = periodOf(input, lose);
  const project = projectOf(slo.indicator, lose);
  const indicator = countsThere(slo.indicator) ? indicatorOf(slo.indicator, slo.budgeting, lose) : null;
  if (slo.id.length > 63)
    lose('error', 'name', `"${slo.id}" is longer than the 63 characters of a label.`, 'Shorten the name of the SLO.');
  if (losses.some(({ severity }) => severity === 'error') || !period || !project || !indicator)
    return { resources: null, losses };

  const parent = `projects/${project}/services/${slo.service}`;
  const run = service?.cloudRun?.project === project ? service.cloudRun : null;
  return {
    resources: {
      project,
      service: {
        name: parent,
        displayName: service?.title ?? slo.service,
        ...(run ? { cloudRun: { serviceName: run.service, location: run.region } } : { custom: {} }),
        userLabels: onlyLabels({ [labelKeys.made]: madeByUs, [labelKeys.owner]: service?.owner ?? null }),
      },
      slo: {
        name: `${parent}/serviceLevelObjectives/${slo.id}`,
        displayName: slo.title,
        goal: slo.objective,
        ...period,
        serviceLevelIndicator: indicator,
        userLabels: sloLabels(input),
      },
    },
    losses,
  };
}

type Lose = (severity: Loss['severity'], about: Loss['about'], message: string, hint?: string | null) => void;

function periodOf(
  { slo: { period } }: ExportInput,
  lose: Lose,
): Pick<ServiceLevelObjectiveJson, 'rollingPeriod' | 'calendarPeriod'> | null {
  if (period.kind === 'rolling') {
    if (period.days <= longestDays) return { rollingPeriod: `${period.days * 86_400}s` };
    lose('error', 'window', `Cloud Monitoring rolls over at most ${longestDays} days, not ${period.days}.`);
    return null;
  }
  const calendarPeriod = calendarPeriods[period.unit];
  if (calendarPeriod === null) {
    lose('error', 'window', `Cloud Monitoring knows no calendar ${period.unit}; it has days, weeks and months.`);
    return null;
  }
  lose(
    'warning',
    'window',
    `Cloud Monitoring keeps neither time zone nor start: its ${period.unit} begins by its own clock, not in ${period.timeZone}.`,
  );
  return { calendarPeriod };
}

/** The indicators that count events of Cloud Monitoring. */
type Counting = Exclude<CloudIndicator, GaugeIndicator>;

function countsThere(indicator: DeclaredSlo['indicator']): indicator is Counting {
  return indicator.kind === 'latency' || indicator.kind === 'ratio' || indicator.kind === 'good-ratio';
}

function projectOf(indicator: DeclaredSlo['indicator'], lose: Lose): string | null {
  if (indicator.kind === 'gauge') {
    // metricMeanInRange is the mean of a window over all its series: one that is too old hides behind many that are not.
    lose(
      'error',
      'indicator',
      'Cloud Monitoring judges a slice by the mean of a gauge, and this SLO by its worst value in each minute.',
      'Page by firebreak or in shadow.',
    );
    return null;
  }
  if (!countsThere(indicator)) {
    lose(
      'error',
      'indicator',
      'This SLO is counted by Prometheus, and Cloud Monitoring counts its own metrics.',
      'Export it with --to prometheus.',
    );
    return null;
  }
  const projects = new Set(
    indicator.kind === 'latency'
      ? [indicator.source.project]
      : [indicator.total.project, (indicator.kind === 'ratio' ? indicator.bad : indicator.good).project],
  );
  const [project] = projects;
  if (projects.size > 1)
    lose(
      'error',
      'indicator',
      `Good and total come from two projects (${[...projects].join(', ')}); an SLO belongs to one.`,
    );
  else if (!project)
    lose('error', 'indicator', 'No project: its DataSource is in none of these files.', 'Give the whole folder.');
  return projects.size === 1 && project ? project : null;
}

function indicatorOf(
  indicator: Counting,
  budgeting: Budgeting,
  lose: Lose,
): ServiceLevelObjectiveJson['serviceLevelIndicator'] | null {
  const requestBased = requestBasedOf(indicator);
  if (budgeting.method === 'Occurrences') return { requestBased };
  if (budgeting.method === 'RatioTimeslices') {
    lose(
      'error',
      'budgeting',
      'Cloud Monitoring has no RatioTimeslices: its windows are good or bad as a whole.',
      'Write Timeslices or Occurrences.',
    );
    return null;
  }
  const { minutes, target } = budgeting;
  return {
    windowsBased: {
      windowPeriod: `${minutes * 60}s`,
      goodTotalRatioThreshold: { threshold: target, performance: requestBased },
    },
  };
}

function requestBasedOf(indicator: Counting): RequestBasedJson {
  if (indicator.kind === 'latency') {
    const { filter, min, max } = indicator.source;
    return {
      distributionCut: { distributionFilter: filter, range: { min: min ?? '-Infinity', max: max ?? 'Infinity' } },
    };
  }
  const totalServiceFilter = indicator.total.filter;
  return {
    goodTotalRatio:
      indicator.kind === 'ratio'
        ? { badServiceFilter: indicator.bad.filter, totalServiceFilter }
        : { goodServiceFilter: indicator.good.filter, totalServiceFilter },
  };
}
