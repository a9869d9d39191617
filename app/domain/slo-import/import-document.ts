import type { SourceDocument } from '../yaml/document.ts';
import { reporter } from '../yaml/validate.ts';
import { importCloudMonitoring } from './cloud-monitoring.ts';
import type { Imported, ImportOptions } from './imported.ts';
import { importSloth } from './sloth.ts';

/** A document of a known format as OpenSLO; any other is an error that says what can be read. */
export function importDocument(source: SourceDocument, options: ImportOptions): Imported {
  const value = source.value as Record<string, unknown> | unknown[] | null;
  const head = Array.isArray(value) ? value[0] : value;
  const has = (key: string) => typeof head === 'object' && head !== null && key in head;
  const text = (key: string) => (has(key) ? String((head as Record<string, unknown>)[key]) : '');
  if (text('version').startsWith('prometheus/')) return importSloth(source, options);
  if (has('serviceLevelIndicator') || has('serviceLevelObjectives')) return importCloudMonitoring(source, options);
  const report = reporter(source);
  if (text('apiVersion').startsWith('openslo/'))
    report.error(['apiVersion'], 'This is OpenSLO already.', 'Check it with: firebreak slo lint.');
  else if (text('kind') === 'PrometheusServiceLevel')
    report.error(['kind'], "Sloth's Kubernetes resource is not read.", 'Give its file of version prometheus/v1.');
  else
    report.error(
      [],
      'This is neither a Sloth file nor a Cloud Monitoring SLO.',
      'Give version: prometheus/v1, or the JSON of a ServiceLevelObjective.',
    );
  return { documents: [], problems: report.problems };
}
