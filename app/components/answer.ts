import type { SerializeFrom } from '@remix-run/node';
import { useActionData, useLocation } from '@remix-run/react';
import { useRef } from 'react';

/** What a form was answered, and the key of the place in the browser's history where that stands. */
export interface Answered<Answer> {
  key: string;
  answer: Answer;
}

/**
 * What the last form of this page was answered, until the next one is sent or somebody goes elsewhere. The router's own
 * `useActionData` forgets it as soon as live data come, and with it why something was refused and what was typed.
 */
export function useAnswer<Action>() {
  const given = useActionData<Action>();
  const { key } = useLocation();
  const kept = useRef<Answered<SerializeFrom<Action>> | null>(null);
  kept.current = keptAnswer(kept.current, given, key);
  return kept.current?.answer;
}

/** The answer that stands: the one just `given`, else the `kept` one while the page is still the same entry of the history. */
export function keptAnswer<Answer>(
  kept: Answered<Answer> | null,
  given: Answer | null | undefined,
  key: string,
): Answered<Answer> | null {
  if (given !== undefined && given !== null) return { key, answer: given };
  return kept?.key === key ? kept : null;
}
