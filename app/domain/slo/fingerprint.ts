import type { PrometheusSource } from './prometheus-indicator.ts';
import type { CountSource, DistributionSource, Indicator } from './slo.ts';

/**
 * What an indicator counts, as one line of text: the same for two that count the same, however their filters are laid out. The address of a
 * server is no part of it, its name is: a server may move. What was counted under another fingerprint is of something else.
 */
export function fingerprintOf(indicator: Indicator): string {
  return JSON.stringify(partsOf(indicator));
}

function partsOf(indicator: Indicator): readonly unknown[] {
  const { kind } = indicator;
  switch (kind) {
    case 'ratio':
      return [kind, filterOf(indicator.total), filterOf(indicator.bad)];
    case 'good-ratio':
      return [kind, filterOf(indicator.total), filterOf(indicator.good)];
    case 'latency':
      return [kind, filterOf(indicator.source), indicator.source.min, indicator.source.max];
    case 'gauge':
      return [kind, filterOf(indicator.source), indicator.op, indicator.bound];
    case 'prometheus':
      return [kind, indicator.source, indicator.counted, queryOf(indicator.part), queryOf(indicator.total)];
  }
}

function filterOf({ project, filter }: CountSource | DistributionSource): readonly string[] {
  return [project, inOneLine(filter)];
}

function queryOf(source: PrometheusSource): readonly string[] {
  return 'selector' in source ? ['selector', inOneLine(source.selector)] : ['query', inOneLine(source.query)];
}

/** White space outside of quoted text becomes one blank. */
function inOneLine(text: string): string {
  return text.trim().replace(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|\s+/g, (_, quoted) => quoted ?? ' ');
}
