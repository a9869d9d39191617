import type { Place } from '../runbook/runbook.ts';
import type { SourceDocument } from '../yaml/document.ts';

/** Where the parts of a flag's file stand, by their keys; `description` and `strategies` null where it has none. */
export interface FlagWritten {
  /** Below the catalog: `flags/new-timeline.yaml`. */
  file: string;
  at: Place;
  type: Place;
  description: Place | null;
  environments: Place;
  /** True where they stand between brackets on one line. */
  environmentsInline: boolean;
  environment: Record<string, Place>;
  /** By the environment that they count for. */
  strategies: Record<string, Place>;
}

/** "flags/checkout.yaml, line 4"; null where it is not known. */
export function writtenAt(written: FlagWritten | undefined): string | null {
  return written ? `${written.file}, line ${written.at.line}` : null;
}

/** Finds them in a document that is a valid flag. */
export function flagWritten(source: SourceDocument): FlagWritten {
  const { spec } = source.value as {
    spec: { description?: string; strategies?: unknown; environments: { name: string; strategies?: unknown }[] };
  };
  const key = (...path: PropertyKey[]) => source.place(['spec', ...path], 'key');
  const environments = key('environments');
  const each = spec.environments.map(({ name, strategies }, index) => {
    const own = strategies === undefined ? null : key('environments', index, 'strategies');
    return { name, place: key('environments', index), strategies: own ?? (spec.strategies ? key('strategies') : null) };
  });
  return {
    file: source.file,
    at: source.place([]),
    type: key('type'),
    description: spec.description === undefined ? null : key('description'),
    environments,
    environmentsInline: each[0]?.place.line === environments.line,
    environment: Object.fromEntries(each.map(({ name, place }) => [name, place])),
    strategies: Object.fromEntries(each.flatMap(({ name, strategies }) => (strategies ? [[name, strategies]] : []))),
  };
}
