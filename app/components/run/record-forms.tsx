import { Form } from '@remix-run/react';
import { may } from '../../domain/audit/permission.ts';
import { refusal } from '../../domain/run/offers.ts';
import type { Actor, Run } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import { Problem } from '../ui/problem.tsx';
import { ReasonField } from '../ui/reason-field.tsx';
import type { StepFailure } from './viewer.ts';

/** What the forms below the notes need. */
export interface RecordFormsProps {
  run: Run;
  actor: Actor;
  /** Everybody who may act. */
  people: { name: string; email: string }[];
  failure: StepFailure | null;
}

/** A line for whoever reads this later; it cannot be changed or taken back. */
export function NoteForm({ run, actor, failure }: Omit<RecordFormsProps, 'people'>) {
  const why = may(actor.role, 'run.people') ? null : refusal(actor.role);
  const failed = failure?.values.intent === 'note' ? failure : null;
  return (
    <Form method="post" action={paths.run(run.id)} className="grid gap-2" key={run.id} preventScrollReset>
      <input type="hidden" name="intent" value="note" />
      <label className="field">
        <span>
          What should whoever comes next know? It stays as it is written, here and in the incident's timeline.
        </span>
        <textarea
          className="input"
          name="text"
          rows={2}
          required
          minLength={3}
          maxLength={4_000}
          disabled={why !== null}
          defaultValue={failed?.values.text}
        />
      </label>
      {failed && <Problem>{failed.message}</Problem>}
      <div className="acts">
        <button type="submit" className="btn quiet" disabled={why !== null} title={why ?? undefined}>
          Add note
        </button>
        {why && <span className="why">{why}</span>}
      </div>
    </Form>
  );
}

/** Hands an open run to somebody with a sentence, or takes it oneself. */
export function HandOverForms({ run, actor, people, failure }: RecordFormsProps) {
  if (run.state === 'done' || run.state === 'cancelled' || !may(actor.role, 'run.people')) return null;
  const has = run.assignee?.email ?? '';
  const others = people.filter(({ email }) => email !== has && email !== actor.email);
  const failed = failure && ['hand-over', 'take'].includes(failure.values.intent ?? '') ? failure : null;
  return (
    <div className="grid gap-2">
      {failed && <Problem>{failed.message}</Problem>}
      {has !== actor.email && (
        <Form method="post" action={paths.run(run.id)} preventScrollReset>
          <input type="hidden" name="intent" value="take" />
          <input type="hidden" name="had" value={has} />
          <button type="submit" className="btn quiet">
            Take this run
          </button>
        </Form>
      )}
      {others.length > 0 && (
        <details className="fold" open={failed?.values.intent === 'hand-over'}>
          <summary>Hand it over</summary>
          <Form method="post" action={paths.run(run.id)} className="mt-2 grid gap-2" preventScrollReset>
            <input type="hidden" name="intent" value="hand-over" />
            <input type="hidden" name="had" value={has} />
            <label className="field">
              <span>
                To whom? They are told in their team's chat, where one is declared, and at the top of every page.
              </span>
              <select className="input" name="to" required defaultValue={failed?.values.to ?? ''}>
                <option value="" disabled>
                  Choose a person
                </option>
                {others.map(({ name, email }) => (
                  <option key={email} value={email}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <ReasonField label="What do they have to know first?" kept={failed?.values.reason} />
            <button type="submit" className="btn quiet justify-self-start">
              Hand over
            </button>
          </Form>
        </details>
      )}
    </div>
  );
}
