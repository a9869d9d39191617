import { Form, useNavigation } from '@remix-run/react';
import type { SilenceForm, WrongSilence } from '../../domain/silence/request.ts';
import { paths } from '../../paths.ts';
import { wrongField } from '../ui/wrong-field.tsx';
import type { SilenceChoice } from './choices.ts';
import { EndFields } from './end-fields.tsx';

/** What was sent and refused; it stands in the form again. */
export interface RefusedSilence {
  form: SilenceForm;
  /** Null where nothing is wrong with it: it was not sent yet. */
  wrong: WrongSilence | null;
}

/** A silence before anything is typed. */
export const emptySilence: SilenceForm = { what: '', end: '', at: '', zone: '', reason: '' };

/** Makes a silence: about what, until when, why. Each choice says how many SLOs it keeps quiet. */
export function SilenceFields({
  choices,
  timeZone,
  why,
  refused,
}: {
  choices: SilenceChoice[];
  timeZone: string;
  why: string | null;
  refused: RefusedSilence | null;
}) {
  const busy = useNavigation().formData?.get('intent') === 'silence';
  const { form, wrong } = refused ?? { form: null, wrong: null };
  const { message, marks } = wrongField(wrong);
  if (why) return <p className="panel-note why">{why}</p>;
  // What an address named stands among the choices there only: a refused form must not turn to something else.
  const named = form && form.what !== '' && !choices.some(({ value }) => value === form.what) ? form.what : null;
  return (
    <Form method="post" action={paths.silences()} preventScrollReset className="silence-form">
      <input type="hidden" name="intent" value="silence" />
      <label className="field wide">
        <span>What</span>
        <select className="input" name="what" defaultValue={form?.what} {...marks('what')}>
          {named && <option value={named}>{named.replace('/', ' ')}</option>}
          {choices.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
        {message('what')}
      </label>
      <EndFields kind="make" form={form ?? { end: '', at: '', zone: '' }} wrong={wrong} timeZone={timeZone} />
      <label className="field wide">
        <span>Why</span>
        <input
          className="input"
          name="reason"
          required
          maxLength={500}
          defaultValue={form?.reason}
          {...marks('reason')}
        />
        {message('reason')}
      </label>
      <button type="submit" className="btn" aria-busy={busy}>
        {busy ? 'Sending…' : 'Silence it'}
      </button>
    </Form>
  );
}
