import type { DataSource } from '../slo/data-source.ts';
import type { SourceDocument } from '../yaml/document.ts';
import { type Reporter, validate } from '../yaml/validate.ts';
import { readAnnotations } from './annotations.ts';
import { dataSourceSchema } from './schemas.ts';

/** A DataSource document as a source of the catalog; null when it has errors, which are reported. */
export function readDataSource(source: SourceDocument, report: Reporter): DataSource | null {
  const document = validate(dataSourceSchema, source, report);
  if (!document) return null;
  const { name, displayName, annotations } = document.metadata;
  const notes = readAnnotations(annotations, ['owner', 'runbook'], report);
  return {
    id: name,
    title: displayName ?? name,
    project: document.spec.connectionDetails.project,
    owner: notes.read('owner'),
    runbook: notes.read('runbook'),
  };
}
