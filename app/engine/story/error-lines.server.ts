import type { LoggingRead, LogLine } from '../../clients/cloud-logging/port.ts';
import type { ErrorLines } from '../../domain/incident/observed.ts';
import type { CloudRunTarget } from '../../domain/service/service.ts';

const mostLines = 400;
const shownLines = 6;

/** The most frequent error lines of a Cloud Run service in as much time before the onset as has passed since. */
export async function readErrorLines(
  logging: LoggingRead,
  target: CloudRunTarget,
  range: { onset: number; to: number; signal?: AbortSignal },
): Promise<ErrorLines> {
  const { onset, to, signal } = range;
  const filter = `resource.type="cloud_run_revision" resource.labels.service_name="${target.service}" severity>=ERROR`;
  const read = (from: number, end: number) =>
    logging.list({ project: target.project, filter, from, to: end, limit: mostLines, signal });
  const [before, after] = await Promise.all([read(onset - Math.min(to - onset, 3_600_000), onset), read(onset, to)]);
  const cut = Math.max(before.length, after.length) >= mostLines;
  return { onset, before: top(before), after: top(after), ...(cut ? { latest: mostLines } : {}) };
}

function top(lines: readonly LogLine[]): { message: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const text = wordsOf(line);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts]
    .map(([message, count]) => ({ message, count }))
    .sort((a, b) => b.count - a.count || a.message.localeCompare(b.message))
    .slice(0, shownLines);
}

function wordsOf({ request, message }: LogLine): string {
  const text = message.split('\n')[0]?.slice(0, 300) ?? '';
  return request ? `${request.method} ${request.path} · ${request.status} · ${text}` : text;
}
