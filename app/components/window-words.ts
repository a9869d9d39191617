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

/** The same for a window named in a file, which may be any text. */
export function windowText(window: string): string {
  return Object.hasOwn(words, window) ? words[window as WindowName] : window;
}
