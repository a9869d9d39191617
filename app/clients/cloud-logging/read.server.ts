import { type protos, v2 } from '@google-cloud/logging';
import { googleOptions, lazyClient, untilAborted } from '../google.ts';
import type { LoggingRead, LogLine, LogQuery } from './port.ts';

type Entry = protos.google.logging.v2.ILogEntry;
// The package gives its generated clients no types.
type Answer = [Entry[], unknown, protos.google.logging.v2.IListLogEntriesResponse | null];

const severities: Record<number, string> = {
  0: 'DEFAULT',
  100: 'DEBUG',
  200: 'INFO',
  300: 'NOTICE',
  400: 'WARNING',
  500: 'ERROR',
  600: 'CRITICAL',
  700: 'ALERT',
  800: 'EMERGENCY',
};

/** Reads of Cloud Logging through the real client, newest first. Errors are the client's own, with gRPC codes. Close with `close()`. */
export function createLoggingRead(options: {
  endpoint: string | null;
  timeoutMs: number;
}): LoggingRead & { close(): Promise<void> } {
  const logs = lazyClient(() => new v2.LoggingServiceV2Client(googleOptions(options.endpoint)));
  return {
    async list(query: LogQuery): Promise<LogLine[]> {
      const client = await logs.ready();
      const lines: LogLine[] = [];
      let pageToken = '';
      do {
        query.signal?.throwIfAborted();
        const [entries, , response] = await untilAborted<Answer>(
          client.listLogEntries(
            {
              resourceNames: [`projects/${query.project}`],
              filter: withRange(query),
              orderBy: 'timestamp desc',
              pageSize: Math.min(1000, query.limit - lines.length),
              pageToken,
            },
            // The engine retries by its own policy; the client's would hide a failing source.
            { autoPaginate: false, timeout: options.timeoutMs, retry: null },
          ),
          query.signal,
        );
        lines.push(...entries.map(asLine));
        pageToken = response?.nextPageToken ?? '';
      } while (pageToken && lines.length < query.limit);
      return lines.slice(0, query.limit);
    },
    close: () => logs.close(),
  };
}

function withRange({ filter, from, to }: LogQuery): string {
  const range = `timestamp>="${new Date(from).toISOString()}" timestamp<"${new Date(to).toISOString()}"`;
  return filter.trim() ? `(${filter}) AND ${range}` : range;
}

const ms = (time: { seconds?: unknown; nanos?: number | null } | null | undefined): number =>
  Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;

function asLine(entry: Entry): LogLine {
  const { httpRequest: request } = entry;
  return {
    at: ms(entry.timestamp),
    severity:
      typeof entry.severity === 'number'
        ? (severities[entry.severity] ?? 'DEFAULT')
        : String(entry.severity ?? 'DEFAULT'),
    message: messageOf(entry),
    revision: entry.resource?.labels?.revision_name ?? null,
    request: request
      ? {
          method: request.requestMethod ?? '',
          path: pathOf(request.requestUrl ?? ''),
          status: request.status ?? 0,
          latencyMs: request.latency ? ms(request.latency) : null,
        }
      : null,
    trace: entry.trace || null,
  };
}

/** `textPayload`, else `message` (or `msg`) of a structured entry, else the whole structure. */
function messageOf(entry: Entry): string {
  if (entry.textPayload) return entry.textPayload;
  const fields = entry.jsonPayload?.fields;
  const said = fields?.message?.stringValue ?? fields?.msg?.stringValue;
  if (said) return said;
  return fields ? JSON.stringify(fields) : '';
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}
