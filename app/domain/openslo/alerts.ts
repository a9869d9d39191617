import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Problem } from '../runbook/runbook.ts';
import type { Service } from '../service/service.ts';
import type { DataSource } from '../slo/data-source.ts';
import { type DeclaredSlo, followed } from '../slo/declared.ts';
import type { Slo } from '../slo/slo.ts';
import type { SourceDocument } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { type Reporter, reporter, validate } from '../yaml/validate.ts';
import { type BurnProfileDeclaration, readBurnProfile } from './burn-profile.ts';
import { type Connection, readDataSource } from './data-source.ts';
import { readEndpoints } from './endpoints.ts';
import { type ReadIndicator, readIndicator } from './indicator.ts';
import { isTimeZone } from './local-time.ts';
import { consoleReach, type Reach } from './reach.ts';
import { alertPolicySchema, organisationSchema, sliSchema } from './schemas.ts';
import { readService } from './service.ts';
import { readSlo } from './slo.ts';

/** A value with the document that declared it, so that later checks can point into the file. */
export interface Declared<T> {
  value: T;
  source: SourceDocument;
}

/** Everything that the documents of `alerts/` declare. Problems are kept apart: a bad document costs only itself. */
export interface Alerts {
  organisation: string | null;
  /** IANA time zone of the organisation's months; null where none is declared. */
  timeZone: string | null;
  /** Hosts outside that endpoints may be at: `host`, or `host:port`. */
  hosts: string[];
  endpoints: Declared<Endpoint>[];
  services: Declared<Service>[];
  /** SLOs that the console follows. */
  slos: Declared<Slo>[];
  /** All SLOs within the reader's reach, one for each objective. */
  declared: Declared<DeclaredSlo>[];
  profiles: Declared<BurnProfileDeclaration>[];
  sources: Declared<DataSource>[];
  problems: Problem[];
}

const kinds = {
  'openslo/v1': ['Service', 'DataSource', 'SLI', 'SLO', 'AlertPolicy', 'AlertCondition', 'AlertNotificationTarget'],
  'firebreak/v1': ['BurnProfile', 'Organisation'],
} as const;

/** Reads all documents together, as far as `reach`: references may point from any file to any other. */
export function readAlerts(documents: readonly SourceDocument[], reach: Reach = consoleReach): Alerts {
  const alerts: Alerts = {
    organisation: null,
    timeZone: null,
    hosts: [],
    endpoints: [],
    services: [],
    slos: [],
    declared: [],
    profiles: [],
    sources: [],
    problems: [],
  };
  const sources = new Map<string, Connection>();
  const indicators = new Map<string, ReadIndicator | null>();
  const policies = new Set<string>();
  const ids = new Map<string, string>();
  const sorted = sortByKind(documents, alerts.problems);
  const each = (kind: string, read: (source: SourceDocument, report: Reporter) => void) => {
    const names = new Map<string, SourceDocument>();
    for (const source of sorted.get(kind) ?? []) {
      const report = reporter(source);
      // A second document of the same name is reported and left out: the first one read stays in force.
      if (!isDouble(names, source, kind, report)) read(source, report);
      alerts.problems.push(...report.problems);
    }
  };

  each('Organisation', (source, report) => {
    const document = validate(organisationSchema, source, report);
    if (!document) return;
    if (alerts.organisation !== null) {
      report.error([], 'A catalog has one Organisation; another file declares one too.');
      return;
    }
    alerts.organisation = document.metadata.displayName ?? document.metadata.name;
    const zone = document.spec?.timeZone;
    if (zone !== undefined && !isTimeZone(zone))
      report.error(['spec', 'timeZone'], `"${zone}" is not an IANA time zone.`, 'Such as Europe/Berlin, or UTC.');
    else alerts.timeZone = zone ?? null;
    alerts.hosts = document.spec?.hosts ?? [];
    const endpoints = readEndpoints(document.spec?.endpoints ?? [], alerts.hosts, report);
    alerts.endpoints = endpoints.map((value) => ({ value, source }));
  });
  each('DataSource', (source, report) => {
    const value = readDataSource(source, reach, report);
    if (!value) return;
    sources.set(value.name, value.connection);
    if (value.polled) alerts.sources.push({ value: value.polled, source });
  });
  each('SLI', (source, report) => {
    const document = validate(sliSchema, source, report);
    const name = nameOf(source);
    if (name) indicators.set(name, document && readIndicator(document.spec, ['spec'], { sources, reach }, report));
  });
  each('AlertPolicy', (source, report) => {
    const document = validate(alertPolicySchema, source, report);
    if (document) policies.add(document.metadata.name);
  });
  each('BurnProfile', (source, report) => {
    const value = readBurnProfile(source, report);
    if (value) alerts.profiles.push({ value, source });
  });
  each('Service', (source, report) => {
    const value = readService(source, reach, report);
    if (value) alerts.services.push({ value, source });
  });
  each('SLO', (source, report) => {
    for (const value of readSlo(source, { sources, reach, indicators, policies }, report)) {
      const other = ids.get(value.id);
      if (other !== undefined)
        report.error(
          ['spec', 'objectives'],
          `An objective here and one of SLO "${other}" are both called "${value.id}".`,
          'Rename one of the SLOs.',
        );
      ids.set(value.id, value.document);
      alerts.declared.push({ value, source });
      const slo = followed(value);
      if (slo) alerts.slos.push({ value: slo, source });
    }
  });
  return alerts;
}

function sortByKind(documents: readonly SourceDocument[], problems: Problem[]): Map<string, SourceDocument[]> {
  const sorted = new Map<string, SourceDocument[]>();
  for (const source of documents) {
    const report = reporter(source);
    const { apiVersion, kind } = head(source.value);
    const allowed: readonly string[] | undefined = Object.hasOwn(kinds, apiVersion)
      ? kinds[apiVersion as keyof typeof kinds]
      : undefined;
    if (!allowed)
      report.error(
        ['apiVersion'],
        apiVersion ? `Unknown apiVersion "${apiVersion}".` : '"apiVersion" is missing.',
        `One of: ${Object.keys(kinds).join(', ')}.`,
      );
    else if (!allowed.includes(kind))
      report.error(
        ['kind'],
        kind ? `Unknown kind "${kind}" of ${apiVersion}.` : '"kind" is missing.',
        didYouMean(kind, allowed),
      );
    else sorted.set(kind, [...(sorted.get(kind) ?? []), source]);
    problems.push(...report.problems);
  }
  return sorted;
}

function isDouble(names: Map<string, SourceDocument>, source: SourceDocument, kind: string, report: Reporter): boolean {
  const name = nameOf(source);
  if (name === null) return false;
  const first = names.get(name);
  if (!first) {
    names.set(name, source);
    return false;
  }
  const place = first.place(['metadata', 'name']);
  report.error(
    ['metadata', 'name'],
    `${kind} "${name}" is declared twice.`,
    `The other stands at ${first.file}:${place.line}.`,
  );
  return true;
}

function head(value: unknown): { apiVersion: string; kind: string } {
  const { apiVersion, kind } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return { apiVersion: typeof apiVersion === 'string' ? apiVersion : '', kind: typeof kind === 'string' ? kind : '' };
}

function nameOf(source: SourceDocument): string | null {
  const name = (source.value as { metadata?: { name?: unknown } | null } | null)?.metadata?.name;
  return typeof name === 'string' ? name : null;
}
