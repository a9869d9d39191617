import type { Catalog } from '../../domain/catalog.ts';
import type { Silence } from '../../domain/silence/silence.ts';
import { covered, silenceWords } from './choices.ts';
import type { ShownSilence } from './row.tsx';

/** Silences with their words and how many SLOs of the catalog each covers. */
export function shownSilences(catalog: Catalog | null, silences: readonly Silence[]): ShownSilence[] {
  return silences.map((silence) => ({
    silence,
    what: silenceWords(catalog, silence),
    count: catalog ? covered(catalog, silence).length : 0,
  }));
}
