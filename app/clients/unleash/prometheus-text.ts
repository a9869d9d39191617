/** One line of a Prometheus exposition. */
export interface PrometheusSample {
  labels: Record<string, string>;
  value: number;
}

/** The samples of one metric in Prometheus text format. https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function prometheusSamples(text: string, metric: string): PrometheusSample[] {
  const samples: PrometheusSample[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${metric}{`)) continue;
    const end = line.lastIndexOf('}');
    const value = Number(
      line
        .slice(end + 1)
        .trim()
        .split(' ')[0],
    );
    if (end > 0 && Number.isFinite(value))
      samples.push({ labels: labelsOf(line.slice(metric.length + 1, end)), value });
  }
  return samples;
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
    labels[name!] = value!.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}
