import { readAlerts } from '../openslo/alerts.ts';
import { lintSlo } from '../openslo/lint.ts';
import { profileOf } from '../openslo/profile-of.ts';
import { fileReach } from '../openslo/reach.ts';
import type { Problem } from '../runbook/runbook.ts';
import type { Path, SourceDocument } from '../yaml/document.ts';
import type { Reporter } from '../yaml/validate.ts';

/** A document of another format as OpenSLO documents. */
export interface Imported {
  /** One for each SLO or service that could be carried over. `name` is its `metadata.name`. */
  documents: OpenSloDocument[];
  problems: Problem[];
}

/** An OpenSLO v1 document (or one of ours) as plain values. */
export interface OpenSloDocument {
  apiVersion: 'openslo/v1' | 'firebreak/v1';
  kind: 'SLO' | 'Service' | 'BurnProfile';
  metadata: {
    name: string;
    displayName?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec: Record<string, unknown>;
}

/** What an import needs to be told, because the other format does not say it. */
export interface ImportOptions {
  /** Length of the rolling window where the format has none, days. */
  days: number;
  /** Team that owns the services, where the format does not say; null leaves their documents out. */
  owner: string | null;
}

/** An annotation of ours. */
export const annotation = (key: string) => `firebreak.dev/${key}`;

/** The part of a document at `path`, as a document of its own that knows its lines. */
export function partOf(source: SourceDocument, path: Path, value: unknown): SourceDocument {
  return { file: source.file, value, place: (inner, part) => source.place([...path, ...inner], part) };
}

/** What wants to be printed, read and linted once more by our own reader: true without errors, which are reported at `at`. */
export function passes(
  documents: readonly OpenSloDocument[],
  at: Path,
  source: SourceDocument,
  report: Reporter,
): boolean {
  const alerts = readAlerts(
    documents.map((value) => ({ file: source.file, value, place: () => source.place(at) })),
    fileReach,
  );
  const profiles = alerts.profiles.map(({ value }) => value);
  const linted = alerts.declared.flatMap((slo) => {
    const named = documents[0]?.metadata.annotations?.[annotation('burn-profile')];
    const profile = profileOf(slo.value, profiles);
    // A profile that is only named is declared in the catalog that the SLO came from, and linted there.
    const isHere = named === undefined || profiles.some(({ name }) => name === named);
    return profile && isHere ? lintSlo(slo, { profile, cloudMonitoring: false }) : [];
  });
  const errors = [...alerts.problems, ...linted].filter(({ severity }) => severity === 'error');
  for (const { message, hint } of errors) report.error(at, `This cannot be carried over: ${message}`, hint);
  return errors.length === 0;
}

/** Adds documents that are not there yet: SLOs may share a burn profile. */
export function addOnce(documents: OpenSloDocument[], more: readonly OpenSloDocument[]): void {
  for (const one of more)
    if (!documents.some(({ kind, metadata }) => kind === one.kind && metadata.name === one.metadata.name))
      documents.push(one);
}
