/** One log entry, reduced to what a page shows. */
export interface LogLine {
  at: number;
  severity: string;
  message: string;
  revision: string | null;
  /** From `httpRequest`, where present. */
  request: { method: string; path: string; status: number; latencyMs: number | null } | null;
  trace: string | null;
}

export interface LogQuery {
  project: string;
  /** Cloud Logging filter, without the time range. */
  filter: string;
  from: number;
  to: number;
  limit: number;
  signal?: AbortSignal;
}

/** Reads of Cloud Logging: newest first. */
export interface LoggingRead {
  list(query: LogQuery): Promise<LogLine[]>;
}
