import { Form } from '@remix-run/react';
import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import { dueChoices } from '../domain/follow-up/wishes.ts';
import { paths } from '../paths.ts';

/** What the list of follow-ups is narrowed to. */
export interface FollowUpFilter {
  who: 'all' | 'mine';
  due: 'all' | 'overdue';
  words: string;
}

/** What was sent about a follow-up and refused: why, and its fields. */
export interface RefusedFollowUp {
  message: string;
  values: Record<string, string>;
}

/** What stands again in the form that was refused; null for every other form. */
export function keptOf(refused: RefusedFollowUp | null, intent: string, id: string): Record<string, string> | null {
  return refused?.values.intent === intent && refused.values.id === id ? refused.values : null;
}

/** Narrows the list by an address of its own. */
export function FollowUpFilterForm({ filter, count, of }: { filter: FollowUpFilter; count: number; of: number }) {
  return (
    <Form method="get" action={paths.followUps()} className="acts" role="search">
      <label className="field">
        <span>Whose</span>
        <select className="input" name="who" defaultValue={filter.who}>
          <option value="all">everybody's</option>
          <option value="mine">mine and my teams'</option>
        </select>
      </label>
      <label className="field">
        <span>Due</span>
        <select className="input" name="due" defaultValue={filter.due}>
          <option value="all">whenever</option>
          <option value="overdue">overdue</option>
        </select>
      </label>
      <label className="field">
        <span>Words</span>
        <input className="input" type="search" name="q" maxLength={100} defaultValue={filter.words} />
      </label>
      <button type="submit" className="btn quiet self-end">
        Show
      </button>
      <span className="age self-end">
        {count} of {of}
      </span>
    </Form>
  );
}

/** Gives an open follow-up another owner or date. `kept` is what was refused. */
export function ChangeFollowUpForm({
  followUp,
  why,
  kept,
}: {
  followUp: FollowUp;
  why: string | null;
  kept: Record<string, string> | null;
}) {
  if (why !== null) return null;
  return (
    <details className="fold" open={kept !== null}>
      <summary>Change owner or date</summary>
      <Form method="post" action={paths.followUps()} className="acts mt-2" preventScrollReset>
        <input type="hidden" name="intent" value="change" />
        <input type="hidden" name="id" value={followUp.id} />
        <label className="field">
          <span>Owner: an email or a team</span>
          <input
            className="input"
            name="owner"
            required
            maxLength={200}
            defaultValue={kept?.owner ?? followUp.owner ?? ''}
          />
        </label>
        <label className="field">
          <span>Due</span>
          <select className="input" name="due" defaultValue={kept?.due ?? 'keep'}>
            {dueChoices.map((days) => (
              <option key={days} value={days}>
                {days === 'keep' ? 'as it is' : days === '1' ? 'in 1 day' : `in ${days} days`}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="btn quiet self-end">
          Change
        </button>
      </Form>
    </details>
  );
}
