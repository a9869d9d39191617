import type { Observation, ObservationStore } from '../stores.ts';

/** What was last read of what SDKs are served in an environment: its time moves with every look, the document's only when it changed. */
export interface ServedMark {
  revision: number;
  /** SHA-256 of the document, in hex. */
  digest: string;
}

/** A whole client-features document as it is stored. */
export interface StoredServed {
  digest: string;
  features: unknown[];
  segments: unknown[];
}

/** A client-features document cut down to one flag: the flag, its parents, all segments. */
export interface ServedPart {
  features: unknown[];
  segments: unknown[];
}

/** What SDKs are served, for pages. */
export interface ServedFlagStore {
  /** The part of one flag, with the age and the last failure of the look at the whole; `features` is empty where SDKs are not told of it. */
  of(environment: string, flag: string): Promise<Observation<ServedPart>>;
}

/** Keys of the two observations of source `unleash`. */
export const servedKeys = (environment: string) => ({
  mark: `served/${environment}`,
  document: `served-document/${environment}`,
});

/** One document an environment is kept parsed: as long as its digest stands, a page reads only the mark. */
export function createServedFlagStore(observations: Pick<ObservationStore, 'get'>): ServedFlagStore {
  const parsed = new Map<string, { digest: string; features: Map<string, unknown>; segments: unknown[] }>();
  return {
    async of(environment, flag) {
      const keys = servedKeys(environment);
      const { value: mark, ...look } = await observations.get<ServedMark>('unleash', keys.mark);
      if (!mark) return { value: null, ...look };
      let known = parsed.get(environment);
      if (known?.digest !== mark.digest) {
        const { value } = await observations.get<StoredServed>('unleash', keys.document);
        if (!value) return { value: null, ...look };
        const { digest, features, segments } = value;
        known = { digest, segments, features: new Map(features.flatMap((each) => named(each))) };
        parsed.set(environment, known);
      }
      const { features, segments } = known;
      const names = new Set([flag, ...parents(features.get(flag))]);
      return { value: { features: [...names].flatMap((name) => features.get(name) ?? []), segments }, ...look };
    },
  };
}

/** The feature with its name; of two with one name the last counts, as in SDKs. */
function named(feature: unknown): [string, unknown][] {
  const { name } = (feature ?? {}) as { name?: unknown };
  return typeof name === 'string' ? [[name, feature]] : [];
}

function parents(feature: unknown): string[] {
  const { dependencies } = (feature ?? {}) as { dependencies?: { feature: string }[] | null };
  return Array.isArray(dependencies) ? dependencies.map((each) => each.feature) : [];
}
