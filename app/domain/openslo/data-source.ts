import type { DataSource } from '../slo/data-source.ts';
import type { Path, SourceDocument } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { type Reporter, validate } from '../yaml/validate.ts';
import { readAnnotations } from './annotations.ts';
import type { Reach } from './reach.ts';
import { dataSourceSchema } from './schemas.ts';

/** A system that numbers come from, as an indicator refers to it. */
export type Connection = { type: 'GoogleCloudMonitoring'; project: string } | { type: 'Prometheus'; url: string };

/** Every DataSource that is declared, by name. */
export type DataSources = ReadonlyMap<string, Connection>;

/** A DataSource document: what it connects to, and the source that the console polls; null where a file that is tried says no address. */
export interface ReadDataSource {
  name: string;
  connection: Connection;
  polled: DataSource | null;
}

/** A DataSource document as a source of the catalog; null when it has errors, which are reported. */
export function readDataSource(source: SourceDocument, reach: Reach, report: Reporter): ReadDataSource | null {
  const document = validate(dataSourceSchema, source, report);
  if (!document) return null;
  const { name, displayName, annotations } = document.metadata;
  const notes = readAnnotations(annotations, ['owner', 'runbook'], report);
  const { type, connectionDetails } = document.spec;
  const at = (key: string) => ['spec', 'connectionDetails', key];
  const [wanted, other] = type === 'Prometheus' ? (['url', 'project'] as const) : (['project', 'url'] as const);
  if (connectionDetails[other] !== undefined)
    report.error(at(other), `"${other}" does not belong to a source of type ${type}.`, `Write "${wanted}".`, 'key');
  for (const key of Object.keys(connectionDetails)) {
    if (key === 'project' || key === 'url') continue;
    // OpenSLO leaves open how one connects; a file that is tried connects to nothing.
    const say = reach.whole ? report.error : report.warning;
    say(
      at(key),
      `"${key}" is not read; a source of type ${type} is connected to by "${wanted}".`,
      didYouMean(key, [wanted]),
    );
  }
  const value = connectionDetails[wanted];
  if (value === undefined) {
    if (reach.whole) report.error(at(wanted), `"${wanted}" is missing.`);
    const nowhere: Connection = type === 'Prometheus' ? { type, url: '' } : { type, project: '' };
    return reach.whole ? null : { name, connection: nowhere, polled: null };
  }
  const about = {
    id: name,
    title: displayName ?? name,
    owner: notes.read('owner'),
    runbook: notes.read('runbook'),
  };
  if (type === 'Prometheus') {
    checkAddress(value, at('url'), report);
    if (report.failed) return null;
    return { name, connection: { type, url: value }, polled: { ...about, project: null, url: value } };
  }
  if (report.failed) return null;
  return { name, connection: { type, project: value }, polled: { ...about, project: value } };
}

/** An address that can be asked and holds no secret: files are read by many. */
function checkAddress(value: string, path: Path, report: Reporter): void {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    report.error(path, `"${value}" is not an address.`, 'Write one such as http://prometheus:9090.');
  else if (url.username !== '' || url.password !== '')
    report.error(path, 'An address in a file holds no password.', 'Give a token by the setting PROMETHEUS_SOURCES.');
  else if (url.search !== '' || url.hash !== '')
    report.error(path, 'The address ends before "?" and "#": paths of the HTTP API are put behind it.');
}
