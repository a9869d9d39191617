import { didYouMean } from '../yaml/nearest.ts';
import type { Reporter } from '../yaml/validate.ts';

const prefix = 'firebreak.dev/';

/** Reads our annotations of one document: `read('owner')` gives the text or null, `fail` and `doubt` report an error or a warning at its value. */
export interface Annotations {
  read(key: string): string | null;
  fail(key: string, message: string, hint?: string): void;
  doubt(key: string, message: string, hint?: string): void;
}

/** Our annotations in `metadata.annotations`; an unknown one under our prefix is an error, other prefixes are left alone. */
export function readAnnotations(
  annotations: Record<string, string> | undefined,
  known: readonly string[],
  report: Reporter,
): Annotations {
  const path = (key: string) => ['metadata', 'annotations', prefix + key];
  for (const key of Object.keys(annotations ?? {})) {
    const own = key.startsWith(prefix) ? key.slice(prefix.length) : null;
    if (own === null || known.includes(own)) continue;
    report.error(path(own), `Unknown annotation "${key}".`, didYouMean(own, known), 'key');
  }
  return {
    read: (key) => annotations?.[prefix + key]?.trim() || null,
    fail: (key, message, hint) => report.error(path(key), message, hint ?? null),
    doubt: (key, message, hint) => report.warning(path(key), message, hint ?? null),
  };
}

/** A comma list without empty entries. */
export function commaList(text: string | null): string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
