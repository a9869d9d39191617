import type { SafeState } from './flag.ts';

/** A safe state in words: "off", "on", "variant basic". */
export function safeWords(safe: SafeState): string {
  return safe.state === 'variant' ? `variant ${safe.variant}` : safe.state;
}
