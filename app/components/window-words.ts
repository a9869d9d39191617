import type { WindowName } from '../domain/slo/slo.ts';

const words: Record<WindowName, string> = {
  '5m': '5 min',
  '30m': '30 min',
  '1h': 'hour',
  '2h': '2 h',
  '6h': '6 h',
  '1d': 'day',
  '3d': '3 days',
};

/** A window's length as it follows "last": "hour", "5 min". */
export function windowWords(window: WindowName): string {
  return words[window];
}
