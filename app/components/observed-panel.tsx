import type { ReactNode } from 'react';
import { type Freshness, useFreshness } from './freshness.ts';
import { Chip } from './ui/chip.tsx';
import { Panel } from './ui/panel.tsx';
import { Age, Elapsed, Time } from './ui/time.tsx';

/** What the engine stored of something outside: last known value, its age, what the last failure said. */
export interface Read<T> {
  value: T | null;
  at: number | null;
  error: string | null;
  errorAt: number | null;
}

const MINUTE = 60_000;

/** A panel over one observation: its age or "stale" in the head, the last failure in words, and an honest empty state. */
export function ObservedPanel<T>({
  title,
  system,
  read,
  staleAfter = 2 * MINUTE,
  past = false,
  aside,
  id,
  empty,
  children,
}: {
  title: string;
  /** Name of the outside system, for the words. */
  system: string;
  read: Read<T>;
  staleAfter?: number;
  /** True when what the panel is about is over: it shows what was read last, as of then, and is never stale. */
  past?: boolean;
  aside?: ReactNode;
  id?: string;
  empty: ReactNode;
  children: (value: T) => ReactNode;
}) {
  const live = useFreshness(read, staleAfter);
  const state: Freshness = !past ? live : { state: 'fresh', at: read.at, error: null };
  return (
    <Panel
      title={title}
      id={id}
      stale={state.state === 'stale'}
      aside={
        <>
          {aside}
          {!past ? <Freshly state={state} /> : read.at !== null && <AsOf at={read.at} />}
        </>
      }
    >
      {state.state !== 'fresh' && state.error && (
        <p className="panel-note">
          {system} does not answer: {state.error}
          {state.state === 'stale' && '. Below is what was last known.'}
        </p>
      )}
      {read.value === null ? empty : children(read.value)}
    </Panel>
  );
}

function AsOf({ at }: { at: number }) {
  return (
    <span className="age">
      as of <Time at={at} />
    </span>
  );
}

/** The age of a reading, or that it is stale. */
export function Freshly({ state }: { state: Freshness }) {
  if (state.at === null) return state.error ? <Chip tone="warn">never read</Chip> : null;
  if (state.state === 'stale') {
    return (
      <Chip tone="warn">
        stale · <Elapsed since={state.at} />
      </Chip>
    );
  }
  return (
    <span className="age">
      <Age at={state.at} />
    </span>
  );
}
