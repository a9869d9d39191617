import { describeStrategy } from './exposure.ts';
import type { FlagStrategy } from './flag.ts';
import { strategyPercent } from './rollout.ts';

/** A change of a flag in words, with what stood there before and after where the event tells. */
export interface FlagEventWords {
  title: string;
  before: unknown;
  after: unknown;
  /** It changes what the flag is called or counted as, and nobody's evaluation. */
  defines: boolean;
}

/** The parts of an Unleash event that are told. */
export interface FlagEvent {
  type: string;
  flag: string | null;
  environment: string | null;
  data: unknown;
  preData: unknown;
}

/** What an event of Unleash's audit did to a flag; null for events that change neither anybody's evaluation nor what its file declares (tags, comments, tokens). */
export function describeFlagEvent(event: FlagEvent): FlagEventWords | null {
  const { flag, environment: env } = event;
  if (!flag) return null;
  const at = env ? ` in ${env}` : '';
  const words = (title: string): FlagEventWords => ({
    title,
    before: event.preData ?? null,
    after: event.data ?? null,
    defines: false,
  });
  const defined = (title: string): FlagEventWords => ({ ...words(title), defines: true });
  switch (event.type) {
    case 'feature-environment-enabled':
      return { title: `${flag} turned on${at}`, before: { enabled: false }, after: { enabled: true }, defines: false };
    case 'feature-environment-disabled':
      return { title: `${flag} turned off${at}`, before: { enabled: true }, after: { enabled: false }, defines: false };
    case 'feature-strategy-add':
      return words(`${flag} rolled out to ${phrase(event.data)}${at}`);
    case 'feature-strategy-remove':
      return words(`${flag} no longer rolled out to ${phrase(event.preData)}${at}`);
    case 'feature-strategy-update':
      return words(`${flag} ${updated(strategyOf(event.preData), strategyOf(event.data))}${at}`);
    case 'feature-environment-variants-updated':
    case 'feature-variants-updated':
      return words(`${flag} variants changed${at}`);
    case 'feature-created':
      return words(`${flag} created`);
    case 'feature-archived':
      return words(`${flag} archived`);
    case 'feature-revived':
      return words(`${flag} revived`);
    case 'feature-deleted':
      return words(`${flag} deleted`);
    case 'feature-stale-on':
      return defined(`${flag} marked stale`);
    case 'feature-stale-off':
      return defined(`${flag} no longer marked stale`);
    case 'feature-metadata-updated':
      return redefined(event, flag);
    case 'feature-dependency-added':
      return words(
        `${flag} now depends on ${String((event.data as { feature?: unknown } | null)?.feature ?? 'a parent')}`,
      );
    case 'feature-dependency-removed':
    case 'feature-dependencies-removed':
      return words(`${flag} no longer depends on its parent`);
    default:
      return null;
  }
}

/** What is declared of a flag, as it was and as it is. */
function redefined({ data, preData }: FlagEvent, flag: string): FlagEventWords {
  const of = (given: unknown) => {
    const { type, description } = (given ?? {}) as { type?: unknown; description?: unknown };
    return { type: String(type ?? ''), description: String(description ?? '') };
  };
  const [before, after] = [of(preData), of(data)];
  const title =
    before.type !== after.type ? `${flag} is of type ${after.type} (was ${before.type})` : `${flag} described anew`;
  return { title, before, after, defines: true };
}

function updated(before: FlagStrategy | null, after: FlagStrategy | null): string {
  if (!before || !after) return 'strategy changed';
  if (!before.disabled && after.disabled) return `no longer rolled out to ${describeStrategy(after)}`;
  if (before.disabled && !after.disabled) return `rolled out to ${describeStrategy(after)}`;
  const [from, to] = [strategyPercent(before), strategyPercent(after)];
  if (from !== null && to !== null && from !== to) return `rolled out ${from} → ${to} %`;
  const [was, is] = [describeStrategy(before), describeStrategy(after)];
  return was === is ? 'strategy changed' : `rolled out to ${is} (was ${was})`;
}

function phrase(data: unknown): string {
  const strategy = strategyOf(data);
  return strategy ? describeStrategy(strategy) : 'somebody';
}

/** Events carry strategies as loosely as the API took them: missing lists become empty ones. */
function strategyOf(data: unknown): FlagStrategy | null {
  if (!data || typeof data !== 'object' || typeof (data as { name?: unknown }).name !== 'string') return null;
  const given = data as Partial<FlagStrategy> & { name: string };
  return {
    ...given,
    id: given.id ?? '',
    parameters: given.parameters ?? {},
    constraints: given.constraints ?? [],
    segments: given.segments ?? [],
    variants: given.variants ?? [],
  };
}
