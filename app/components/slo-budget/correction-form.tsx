import { Form, useNavigation } from '@remix-run/react';
import type { ReactNode } from 'react';
import type { CorrectionForm, Wrong } from '../../domain/slo/correction-request.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { countedUnits } from '../../domain/slo/units.ts';
import { Problem } from '../ui/problem.tsx';
import { wrongField } from '../ui/wrong-field.tsx';

/** A correction before anything is typed. */
export const emptyCorrection: CorrectionForm = { kind: 'exclusion', from: '', to: '', bad: '', reason: '' };

/** What was sent and refused; it stands in the form again. */
export interface RefusedCorrection {
  form: CorrectionForm;
  /** Null where nothing is wrong with it: it was not sent yet. */
  wrong: Wrong | null;
  /** Why it stands there unsent. */
  said?: string;
}

/** Leaves a stretch out of the budget, or adds bad events to it, with a reason; whoever sends it approves it. */
export function CorrectionFields({
  slo,
  timeZone,
  why,
  refused,
}: {
  slo: Pick<Slo, 'budgeting'>;
  timeZone: string;
  why: string | null;
  refused: RefusedCorrection | null;
}) {
  const busy = useNavigation().formData?.get('intent') === 'correct';
  const { form, wrong } = refused ?? { form: emptyCorrection, wrong: null };
  const { message, marks } = wrongField(wrong);
  const field = (name: keyof CorrectionForm) => ({
    className: 'input',
    name,
    defaultValue: form[name],
    ...marks(name),
  });
  return (
    <details className="fold border-t border-line px-3.5 py-2" open={refused !== null} id="correct">
      <summary>Correct the budget…</summary>
      <p className="mt-1 text-[13px] text-dim">
        What was measured stays, and so does what pages. A correction stands beside it, here and in the statement, with
        your name and your reason.
      </p>
      {refused?.said && <Problem>{refused.said}</Problem>}
      {why ? (
        <p className="why">{why}</p>
      ) : (
        <Form method="post" preventScrollReset className="correction-form">
          <input type="hidden" name="intent" value="correct" />
          <Labelled text="What" wrong={message('kind')}>
            <select {...field('kind')}>
              <option value="exclusion">Leave a stretch out</option>
              <option value="adjustment">Add or take away bad {countedUnits(slo)}</option>
            </select>
          </Labelled>
          <Labelled text={`From, ${timeZone}`} wrong={message('from')}>
            <input type="datetime-local" required {...field('from')} />
          </Labelled>
          <Labelled text={`To, ${timeZone}`} wrong={message('to')}>
            <input type="datetime-local" required {...field('to')} />
          </Labelled>
          <Labelled text={`Bad ${countedUnits(slo)}, to add or take away`} wrong={message('bad')}>
            <input inputMode="numeric" maxLength={20} {...field('bad')} />
          </Labelled>
          <Labelled text="Why" wrong={message('reason')}>
            <input required maxLength={500} {...field('reason')} />
          </Labelled>
          <button type="submit" className="btn" aria-busy={busy}>
            {busy ? 'Sending…' : 'Approve the correction'}
          </button>
        </Form>
      )}
    </details>
  );
}

function Labelled({ text, wrong, children }: { text: string; wrong: ReactNode; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="field">
      <span>{text}</span>
      {children}
      {wrong}
    </label>
  );
}
