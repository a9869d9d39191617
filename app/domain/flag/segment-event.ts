import { describeConstraint } from './constraint-words.ts';
import type { FlagState } from './flag.ts';
import type { FlagEvent, FlagEventWords } from './flag-event.ts';

/** A flag that an edit of a segment gives to other people, in one environment. */
export interface SegmentChange extends FlagEventWords {
  flag: string;
  environment: string;
}

interface Segment {
  id: number;
  name?: unknown;
  constraints?: unknown;
}

/**
 * What an event about a segment does to flags: an edit changes who gets each flag that has a strategy in the segment, and
 * names none of them. Empty for other events, and where only name or description changed.
 */
export function segmentChanges(event: Pick<FlagEvent, 'type' | 'data' | 'preData'>, flags: readonly FlagState[]) {
  if (event.type !== 'segment-updated') return [];
  const [before, after] = [segmentOf(event.preData), segmentOf(event.data)];
  const id = (after ?? before)?.id;
  if (id === undefined || (before && after && words(before) === words(after))) return [];
  const name = String(after?.name ?? before?.name ?? id);
  const told = after ? `: ${words(after)}${before ? ` (was ${words(before)})` : ''}` : '';
  return flags.flatMap(({ flag, environments }) =>
    environments
      .filter(({ strategies }) => strategies.some(({ segments }) => segments.includes(id)))
      .map(
        ({ environment }): SegmentChange => ({
          ...{ flag, environment, defines: false },
          title: `${flag} segment ${name} changed in ${environment}${told}`,
          before: before?.constraints ?? null,
          after: after?.constraints ?? null,
        }),
      ),
  );
}

function segmentOf(data: unknown): Segment | null {
  const id = (data as Partial<Segment> | null)?.id;
  return typeof id === 'number' ? { ...(data as object), id } : null;
}

function words({ constraints }: Segment): string {
  const all = Array.isArray(constraints) ? constraints.map(describeConstraint) : [];
  return all.length === 0 ? 'everyone' : all.join(' and ');
}
