import grpc from '@grpc/grpc-js';
import type { FailureLog } from '#simulator/world/failure-log.ts';
import type { MinuteRecord } from '#simulator/world/minute-record.ts';
import type { SimContext } from '#simulator/world/seams.ts';
import type { GoogleServer } from '../server.ts';
import { loadProtos, StatusError } from '../service.ts';
import { failureEntries, type LogEntry } from './log-entry.ts';
import { type LogFilter, parseLogFilter } from './log-filter.ts';

interface ListRequest {
  resourceNames: string[];
  filter: string;
  orderBy: string;
  pageSize: number;
  pageToken: string;
}

/** Registers Cloud Logging's LoggingServiceV2: ListLogEntries and TailLogEntries over the failed requests of the world. */
export function registerLogging(
  server: GoogleServer,
  context: SimContext,
  failures: FailureLog,
  onMinute: (listener: (records: MinuteRecord[]) => void) => () => void,
): void {
  const { seed, services } = context;
  const entriesOf = (projects: string[], minute: number): LogEntry[] =>
    services
      .filter((service) => projects.includes(service.target.project))
      .flatMap((service) => failureEntries(seed, service, minute, failures.of(service.id, minute)))
      .sort((a, b) => a.timestamp - b.timestamp);

  server.add({
    root: loadProtos('@google-cloud/logging-api'),
    name: 'google.logging.v2.LoggingServiceV2',
    system: 'logging',
    unary: {
      ListLogEntries: (message) => {
        const request = message as unknown as ListRequest;
        const projects = projectsOf(request.resourceNames);
        const newestFirst = orderOf(request.orderBy);
        const filter = requireFilter(request.filter);
        const size = Math.min(request.pageSize > 0 ? request.pageSize : 50, 1000);
        const skip = request.pageToken ? Number(Buffer.from(request.pageToken, 'base64url').toString()) : 0;
        if (!Number.isInteger(skip)) throw new StatusError(grpc.status.INVALID_ARGUMENT, 'page_token is not valid');
        const found: LogEntry[] = [];
        const known = failures.range();
        if (known) {
          const first = Math.max(known.first, Math.floor(filter.from / 60_000));
          const last = Math.min(known.last, Math.floor(filter.to / 60_000));
          for (let i = 0; i <= last - first && found.length <= skip + size; i++) {
            const entries = entriesOf(projects, newestFirst ? last - i : first + i).filter(filter.matches);
            found.push(...(newestFirst ? entries.reverse() : entries));
          }
        }
        return {
          entries: found.slice(skip, skip + size).map(wireEntry),
          nextPageToken: found.length > skip + size ? Buffer.from(String(skip + size)).toString('base64url') : '',
        };
      },
    },
    duplex: {
      TailLogEntries: (call) => {
        let stop: (() => void) | null = null;
        call.on('data', (message: Record<string, unknown>) => {
          if (stop) return;
          try {
            const projects = projectsOf(message.resourceNames as string[]);
            const filter = requireFilter(String(message.filter ?? ''));
            stop = onMinute((records) => {
              const entries = entriesOf(projects, records[0]!.minute).filter(filter.matches);
              if (entries.length > 0) call.write({ entries: entries.map(wireEntry) });
            });
          } catch (error) {
            const { code, message: details } = error as StatusError;
            call.emit('error', { code: code ?? grpc.status.INTERNAL, details });
          }
        });
        call.on('end', () => {
          stop?.();
          call.end();
        });
        call.on('cancelled', () => stop?.());
      },
    },
  });
}

function projectsOf(names: string[]): string[] {
  if (names.length === 0)
    throw new StatusError(grpc.status.INVALID_ARGUMENT, 'At least one resource name must be specified.');
  return names.map((name) => {
    const match = /^projects\/([^/]+)/.exec(name);
    if (!match) throw new StatusError(grpc.status.INVALID_ARGUMENT, `Invalid resource name: ${name}`);
    return match[1]!;
  });
}

function orderOf(orderBy: string): boolean {
  const order = orderBy.trim() || 'timestamp asc';
  if (!/^timestamp( asc| desc)?$/.test(order))
    throw new StatusError(
      grpc.status.INVALID_ARGUMENT,
      `order_by "${orderBy}" is not valid: use "timestamp asc" or "timestamp desc".`,
    );
  return order.endsWith('desc');
}

function requireFilter(text: string): LogFilter {
  try {
    return parseLogFilter(text);
  } catch (error) {
    throw new StatusError(grpc.status.INVALID_ARGUMENT, error instanceof Error ? error.message : String(error));
  }
}

const time = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 });

function wireEntry(entry: LogEntry) {
  const { timestamp, httpRequest, jsonPayload, ...rest } = entry;
  const { latencyMs, ...request } = httpRequest;
  return {
    ...rest,
    timestamp: time(timestamp),
    receiveTimestamp: time(timestamp + 800),
    httpRequest: { ...request, latency: time(latencyMs) },
    jsonPayload: { fields: { message: { stringValue: jsonPayload.message } } },
  };
}
