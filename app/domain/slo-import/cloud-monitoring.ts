import { labelKeys } from '../slo-export/user-labels.ts';
import type { Path, SourceDocument } from '../yaml/document.ts';
import { type Reporter, reporter, validate } from '../yaml/validate.ts';
import { burnProfileFor, profileAnnotation } from './burn-profile.ts';
import { carryIndicator } from './cloud-monitoring-indicator.ts';
import { type ObjectiveJson, objectiveSchema, secondsOf, serviceSchema } from './cloud-monitoring-schema.ts';
import {
  addOnce,
  annotation,
  type Imported,
  type ImportOptions,
  type OpenSloDocument,
  partOf,
  passes,
} from './imported.ts';
import { nameFrom } from './names.ts';

/** A first Monday, day and month to count calendar periods from. */
const calendars: Record<string, { days: number; duration: string; startTime: string }> = {
  DAY: { days: 1, duration: '1d', startTime: '2026-01-01 00:00:00' },
  WEEK: { days: 7, duration: '1w', startTime: '2026-01-05 00:00:00' },
  MONTH: { days: 30, duration: '1M', startTime: '2026-01-01 00:00:00' },
};

/**
 * Cloud Monitoring SLOs as OpenSLO: one ServiceLevelObjective, a list of them, the answer to a list call, or what
 * `slo export` writes. Services beside them are carried over where their owner is known; alert policies are not read.
 */
export function importCloudMonitoring(source: SourceDocument, options: ImportOptions): Imported {
  const documents: OpenSloDocument[] = [];
  const problems: Imported['problems'] = [];
  const names = new Set<string>();
  for (const { path, value } of partsOf(source.value, 'services')) {
    const report = reporter(partOf(source, path, value));
    const service = carryService(partOf(source, path, value), options, report);
    if (service && !report.failed) documents.push(service);
    problems.push(...report.problems);
  }
  for (const { path, value } of partsOf(source.value, 'serviceLevelObjectives')) {
    const part = partOf(source, path, value);
    const report = reporter(part);
    const carried = carryObjective(part, report);
    const slo = carried?.[0];
    if (slo && names.has(slo.metadata.name))
      report.error(['name'], `Two SLOs of this file are called "${slo.metadata.name}".`, 'Import them one by one.');
    if (carried && slo && !report.failed && passes(carried, [], part, report)) {
      names.add(slo.metadata.name);
      addOnce(documents, carried);
    }
    problems.push(...report.problems);
  }
  return { documents, problems };
}

/** The resources of one kind in any of the shapes they are handed around in. */
function partsOf(value: unknown, key: 'services' | 'serviceLevelObjectives'): { path: Path; value: unknown }[] {
  const inside = Array.isArray(value) ? null : (value as Record<string, unknown> | null)?.[key];
  if (Array.isArray(inside)) return inside.map((one, index) => ({ path: [key, index], value: one }));
  if (key === 'services') return [];
  if (Array.isArray(value)) return value.map((one, index) => ({ path: [index], value: one }));
  return typeof value === 'object' && value !== null && 'serviceLevelIndicator' in value ? [{ path: [], value }] : [];
}

function carryService(source: SourceDocument, options: ImportOptions, report: Reporter): OpenSloDocument | null {
  const service = validate(serviceSchema, source, report);
  const found = service && /^projects\/([^/]+)\/services\/([^/]+)$/.exec(service.name);
  const owner = service?.userLabels?.[labelKeys.owner] ?? options.owner;
  if (service && !found) report.error(['name'], `"${service.name}" is not projects/{project}/services/{service}.`);
  // Without an owner the catalog would refuse it.
  if (!service || !found || !owner) return null;
  const name = nameFrom(found[2]!, ['name'], report);
  if (!name) return null;
  const { cloudRun } = service;
  const run = cloudRun && `projects/${found[1]}/locations/${cloudRun.location}/services/${cloudRun.serviceName}`;
  return {
    apiVersion: 'openslo/v1',
    kind: 'Service',
    metadata: {
      name,
      displayName: service.displayName || name,
      annotations: { [annotation('owner')]: owner, ...(run ? { [annotation('cloud-run')]: run } : {}) },
    },
    spec: {},
  };
}

function carryObjective(source: SourceDocument, report: Reporter): OpenSloDocument[] | null {
  const slo = validate(objectiveSchema, source, report);
  if (!slo) return null;
  const found = /^projects\/([^/]+)\/services\/([^/]+)\/serviceLevelObjectives\/([^/]+)$/.exec(slo.name);
  if (!found) {
    report.error(['name'], `"${slo.name}" is not projects/{project}/services/{service}/serviceLevelObjectives/{slo}.`);
    return null;
  }
  const service = nameFrom(found[2]!, ['name'], report);
  const name = nameFrom(found[3]!, ['name'], report);
  const indicator = carryIndicator(slo.serviceLevelIndicator, found[1]!, ['serviceLevelIndicator'], report);
  const timeWindow = carryPeriod(slo, report);
  if (!service || !name || !indicator || !timeWindow) return null;
  const { slices, ratioMetric } = indicator;
  const named = slo.userLabels?.[labelKeys.profile];
  const profile = named ? null : burnProfileFor(timeWindow.days, slo.goal);
  if (named && named !== 'default')
    report.warning(
      ['userLabels', labelKeys.profile],
      `Burn profile "${named}" is named, and no file here declares it.`,
    );
  const document: OpenSloDocument = {
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: {
      name,
      displayName: slo.displayName || name,
      annotations: { ...annotationsOf(slo), ...profileAnnotation(profile) },
    },
    spec: {
      service,
      indicator: { metadata: { name }, spec: { ratioMetric } },
      timeWindow: [timeWindow.window],
      budgetingMethod: slices ? 'Timeslices' : 'Occurrences',
      objectives: [
        {
          target: slo.goal,
          ...(slices ? { timeSliceTarget: slices.target, timeSliceWindow: `${slices.minutes}m` } : {}),
        },
      ],
    },
  };
  return profile ? [document, profile] : [document];
}

function carryPeriod(
  { rollingPeriod, calendarPeriod }: ObjectiveJson,
  report: Reporter,
): { days: number; window: object } | null {
  if ((rollingPeriod === undefined) === (calendarPeriod === undefined)) {
    report.error([], 'Exactly one of "rollingPeriod" and "calendarPeriod" is needed.', null, 'key');
    return null;
  }
  if (rollingPeriod !== undefined) {
    const days = secondsOf(rollingPeriod) / 86_400;
    if (Number.isInteger(days) && days >= 1) return { days, window: { duration: `${days}d`, isRolling: true } };
    report.error(['rollingPeriod'], `"${rollingPeriod}" is not a whole number of days.`, 'For 30 days write 2592000s.');
    return null;
  }
  const calendar = Object.hasOwn(calendars, calendarPeriod!) ? calendars[calendarPeriod!] : undefined;
  if (!calendar) {
    report.error(
      ['calendarPeriod'],
      `A calendar period ${calendarPeriod} cannot be carried over.`,
      'DAY, WEEK and MONTH can.',
    );
    return null;
  }
  report.warning(
    ['calendarPeriod'],
    'The file names no time zone, so UTC is written: the period begins at midnight there.',
  );
  const { days, duration, startTime } = calendar;
  return { days, window: { duration, isRolling: false, calendar: { startTime, timeZone: 'UTC' } } };
}

/** What our own export wrote as labels; without them the SLO is in shadow. */
function annotationsOf({ userLabels = {} }: ObjectiveJson): Record<string, string> {
  const kept = {
    paging: userLabels[labelKeys.paging] ?? 'shadow',
    'burn-profile': userLabels[labelKeys.profile],
    runbook: userLabels[labelKeys.runbook],
    'min-bad-events': userLabels[labelKeys.minBadEvents],
  };
  return Object.fromEntries(
    Object.entries(kept).flatMap(([key, value]) => (value === undefined ? [] : [[annotation(key), value]])),
  );
}
