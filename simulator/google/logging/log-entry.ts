import type { FailureCell } from '#simulator/world/minute-record.ts';
import { hash, uniform } from '#simulator/world/random.ts';
import type { LiveService } from '#simulator/world/seams.ts';

/** A log entry, in the API's field names; `timestamp` in ms. */
export interface LogEntry {
  logName: string;
  resource: { type: string; labels: Record<string, string> };
  timestamp: number;
  severity: string;
  insertId: string;
  trace: string;
  labels: Record<string, string>;
  httpRequest: { requestMethod: string; requestUrl: string; status: number; latencyMs: number; userAgent: string };
  jsonPayload: { message: string };
}

/** Entries written per minute, revision, route and cause, at most; the label `stands_for` says how many requests each stands for. */
const perCause = 20;

/** The structured log lines of a service's failed requests in one minute, oldest first: the same failures always give the same lines. */
export function failureEntries(seed: string, service: LiveService, minute: number, cells: FailureCell[]): LogEntry[] {
  const { project, region, service: name } = service.target;
  const entries = cells.flatMap((cell) => {
    const lines = Math.min(cell.count, perCause);
    return Array.from({ length: lines }, (_, i): LogEntry => {
      const key = [seed, service.id, minute, cell.revision, cell.path, cell.code, cell.message, i];
      const traceId = [0, 1, 2, 3]
        .map((part) =>
          hash(...key, part)
            .toString(16)
            .padStart(8, '0'),
        )
        .join('');
      return {
        logName: `projects/${project}/logs/run.googleapis.com%2Fstderr`,
        resource: {
          type: 'cloud_run_revision',
          labels: {
            project_id: project,
            service_name: name,
            revision_name: cell.revision,
            location: region,
            configuration_name: name,
          },
        },
        timestamp: minute * 60_000 + Math.floor(uniform(...key, 'at') * 60_000),
        severity: 'ERROR',
        insertId: hash(...key, 'id').toString(36),
        trace: `projects/${project}/traces/${traceId}`,
        labels: {
          instanceId: hash(seed, cell.revision, i % 3).toString(16),
          stands_for: String(Math.round(cell.count / lines)),
        },
        httpRequest: {
          requestMethod: cell.method,
          requestUrl: `https://${name}.${project}.example${cell.path}`,
          status: cell.code,
          latencyMs: cell.code === 504 ? 10_000 : 40 + Math.floor(uniform(...key, 'latency') * 200),
          userAgent: 'studio-web/7.2',
        },
        jsonPayload: { message: cell.message },
      };
    });
  });
  return entries.sort((a, b) => a.timestamp - b.timestamp);
}
