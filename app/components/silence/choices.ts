import type { Catalog } from '../../domain/catalog.ts';
import { covers, type Silence, type SilenceScope } from '../../domain/silence/silence.ts';
import { sourceNamed, sourceOf } from '../../domain/slo/data-source.ts';
import type { Slo } from '../../domain/slo/slo.ts';

/** What a silence may be about, in words, with how many SLOs it would keep quiet. `value` is `scope/target`. */
export interface SilenceChoice {
  value: string;
  text: string;
}

/** What a form is asked to silence, as the address says it; empty for anything. */
export interface SilenceSubject {
  scope: SilenceScope | null;
  target: string;
}

/** Reads `?slo=…`, `?service=…` or `?source=…`. */
export function readSubject(params: URLSearchParams): SilenceSubject {
  const scope = (['slo', 'service', 'source'] as const).find((each) => params.get(each)) ?? null;
  return { scope, target: scope ? (params.get(scope) ?? '') : '' };
}

/**
 * What may be silenced, the narrowest first: of a subject that and what is wider; of none, or one that covers nothing any
 * more, the SLOs that burn, every service and every source. Each says how many SLOs it covers, before it is made.
 */
export function silenceChoices(
  catalog: Pick<Catalog, 'slos' | 'services' | 'sources'>,
  subject: SilenceSubject,
  burning: ReadonlySet<string>,
): SilenceChoice[] {
  const { target } = subject;
  const about = catalog.slos.filter(
    (slo) => subject.scope !== null && covers({ scope: subject.scope, target }, silenceableOf(slo)),
  );
  const scope = about.length > 0 ? subject.scope : null;
  const wanted: [SilenceScope, string][] = [];
  const slos = scope === null ? catalog.slos.filter(({ id }) => burning.has(id)) : scope === 'slo' ? about : [];
  const wide = scope === null ? catalog.slos : about;
  wanted.push(...slos.map(({ id }): [SilenceScope, string] => ['slo', id]));
  if (scope !== 'source') wanted.push(...unique(wide.map(({ service }) => service)).map(ofScope('service')));
  wanted.push(...unique(wide.map(sourceOf)).map(ofScope('source')));
  return wanted.map(([kind, name]) => choice(catalog, kind, name, burning));
}

/** The SLOs that a silence covers. */
export function covered(catalog: Pick<Catalog, 'slos'>, silence: Pick<Silence, 'scope' | 'target'>): Slo[] {
  return catalog.slos.filter((slo) => covers(silence, silenceableOf(slo)));
}

/** What a silence is about: "service voiceover", "everything of Cloud Monitoring". */
export function silenceWords(
  catalog: Pick<Catalog, 'slos' | 'services' | 'sources'> | null,
  { scope, target }: Pick<Silence, 'scope' | 'target'>,
): string {
  if (scope === 'slo') return catalog?.slos.find(({ id }) => id === target)?.title ?? target;
  if (scope === 'service') return `service ${catalog?.services.find(({ id }) => id === target)?.title ?? target}`;
  return `everything of ${sourceNamed(catalog?.sources ?? [], target)?.title ?? target}`;
}

/** What covers an SLO, for silences. */
export function silenceableOf(slo: Pick<Slo, 'id' | 'service' | 'indicator'>) {
  return { slo: slo.id, service: slo.service, source: sourceOf(slo) };
}

function choice(
  catalog: Pick<Catalog, 'slos' | 'services' | 'sources'>,
  scope: SilenceScope,
  target: string,
  burning: ReadonlySet<string>,
): SilenceChoice {
  const all = covered(catalog, { scope, target });
  const now = all.filter(({ id }) => burning.has(id)).length;
  const count = `${all.length} SLO${all.length === 1 ? '' : 's'}`;
  const alerting = now > 0 ? `, ${now} alerting` : '';
  // The number first: a narrow field cuts the end off.
  return { value: `${scope}/${target}`, text: `${count}${alerting}: ${silenceWords(catalog, { scope, target })}` };
}

const ofScope = (scope: SilenceScope) => (target: string) => [scope, target] as [SilenceScope, string];

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
