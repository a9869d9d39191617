import type { SerializeFrom } from '@remix-run/node';
import { useActionData, useLocation, useRouteLoaderData } from '@remix-run/react';
import { useRef } from 'react';
import { type UnsentForm, unsentWords } from '../domain/unsent/unsent.ts';

/** What a form was answered, and the key of the place in the browser's history where that stands. */
export interface Answered<Answer> {
  key: string;
  answer: Answer;
}

/** What was typed before somebody had to sign in again, and why it stands there, in one line. */
export interface TypedBefore {
  fields: URLSearchParams;
  /** The same by name; of a name that stands there more than once the last. */
  values: Record<string, string>;
  said: string;
}

/**
 * What the last form of this page was answered, until the next one is sent or somebody goes elsewhere. The router's own
 * `useActionData` forgets it as soon as live data come, and with it why something was refused and what was typed.
 * `typedBefore` makes the same answer of a form that was not sent at all, since acting asked for a sign-in first; null
 * where the page has no such form.
 */
export function useAnswer<Action, Before = never>(typedBefore?: (typed: TypedBefore) => Before | null) {
  const given = useActionData<Action>();
  const { key, pathname } = useLocation();
  const unsent = useRouteLoaderData<{ unsent: UnsentForm | null }>('root')?.unsent;
  const kept = useRef<Answered<SerializeFrom<Action> | Before> | null>(null);
  const stands = keptAnswer<SerializeFrom<Action> | Before>(kept.current, given, key);
  const before = !stands && unsent?.path === pathname ? (typedBefore?.(typedOf(unsent)) ?? null) : null;
  kept.current = stands ?? (before === null ? null : { key, answer: before });
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

function typedOf(unsent: UnsentForm): TypedBefore {
  const fields = new URLSearchParams(unsent.fields);
  return { fields, values: Object.fromEntries(fields), said: unsentWords(unsent) };
}

/** A form as it was typed, what is missing taken from `empty`. */
export function typedInto<Form extends { [Name in keyof Form]: string }>(empty: Form, { values }: TypedBefore): Form {
  const names = Object.keys(empty) as (keyof Form & string)[];
  return Object.fromEntries(names.map((name) => [name, values[name] ?? empty[name]])) as Form;
}
