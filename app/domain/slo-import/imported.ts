import { readAlerts } from '../openslo/alerts.ts';
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

/** What wants to be printed, read once more by our own reader: true when it has no error, which are reported at `at`. */
export function passes(document: OpenSloDocument, at: Path, source: SourceDocument, report: Reporter): boolean {
  const whole: SourceDocument = { file: source.file, value: document, place: () => source.place(at) };
  const errors = readAlerts([whole], fileReach).problems.filter(({ severity }) => severity === 'error');
  for (const { message, hint } of errors) report.error(at, `This cannot be carried over: ${message}`, hint);
  return errors.length === 0;
}
