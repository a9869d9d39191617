/**
 * How often SDKs of an application ask, from Unleash's own Prometheus text: SDKs tell their interval only when they
 * register, and `client_registration_total{appName,environment,interval}` (ms) is the one place that keeps it.
 */
export interface PollIntervals {
  /** Covers 95 % of the registrations; null when none is known. */
  seconds: number | null;
  /** The slowest of all; null when none is known. */
  slowestSeconds: number | null;
}

/** Reads the intervals of one application in one environment. Registrations count since Unleash started. */
export function pollIntervals(prometheusText: string, application: string, environment: string): PollIntervals {
  const found: { ms: number; count: number }[] = [];
  for (const line of prometheusText.split('\n')) {
    const match = /^client_registration_total\{(.*)\} ([\d.e+]+)/.exec(line);
    if (!match) continue;
    const labels = labelsOf(match[1]!);
    const ms = Number(labels.interval);
    if (labels.appName !== application || labels.environment !== environment || !(ms > 0)) continue;
    found.push({ ms, count: Number(match[2]) });
  }
  found.sort((a, b) => a.ms - b.ms);
  const total = found.reduce((sum, one) => sum + one.count, 0);
  let covered = 0;
  const p95 = found.find((one) => {
    covered += one.count;
    return covered >= total * 0.95;
  });
  const slowest = found.at(-1);
  return { seconds: p95 ? p95.ms / 1000 : null, slowestSeconds: slowest ? slowest.ms / 1000 : null };
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
    labels[name!] = value!.replace(/\\(.)/g, '$1');
  }
  return labels;
}
