import { Form, useNavigation } from '@remix-run/react';
import type { FreezeForm, WrongFreeze } from '../../domain/freeze/request.ts';
import { dayName } from '../../domain/freeze/words.ts';
import { paths } from '../../paths.ts';
import { wrongField } from '../ui/wrong-field.tsx';

/** What was sent and refused; it stands in the form again. */
export interface RefusedFreeze {
  form: FreezeForm;
  /** Null where nothing is wrong with it: it was not sent yet. */
  wrong: WrongFreeze | null;
}

/** A freeze before anything is typed. */
export const emptyFreeze: FreezeForm = {
  ...{ what: '', kind: 'once', zone: '', from: '', until: '', reason: '' },
  ...{ fromDay: '', fromTime: '', untilDay: '', untilTime: '' },
};

const week = [1, 2, 3, 4, 5, 6, 7];

/** Makes a freeze: of what, once or every week, in which time zone, why. */
export function FreezeFields({
  choices,
  timeZone,
  why,
  refused,
}: {
  choices: { value: string; text: string }[];
  timeZone: string;
  why: string | null;
  refused: RefusedFreeze | null;
}) {
  const busy = useNavigation().formData?.get('intent') === 'freeze';
  const { form, wrong } = refused ?? { form: null, wrong: null };
  const { message, marks } = wrongField(wrong);
  // Both spans have these fields: what is wrong is said in the span that was chosen.
  const weekly = form?.kind === 'weekly';
  const once = wrongField(weekly ? null : wrong);
  const everyWeek = wrongField(weekly ? wrong : null);
  if (why) return <p className="panel-note why">{why}</p>;
  const moment = (name: 'from' | 'until', label: string, day: string, time: string) => (
    <span className="field">
      <span>{label}</span>
      <span className="acts">
        <select
          className="input"
          name={`${name}Day`}
          defaultValue={day}
          aria-label={`${label}: day`}
          {...everyWeek.marks(name)}
        >
          {week.map((each) => (
            <option key={each} value={each}>
              {dayName(each)}
            </option>
          ))}
        </select>
        <input
          className="input"
          type="time"
          name={`${name}Time`}
          defaultValue={time}
          aria-label={`${label}: time`}
          {...everyWeek.marks(name)}
        />
      </span>
      {everyWeek.message(name)}
    </span>
  );
  return (
    <Form method="post" action={paths.freezes()} preventScrollReset className="silence-form">
      <input type="hidden" name="intent" value="freeze" />
      <label className="field wide">
        <span>What</span>
        <select className="input" name="what" defaultValue={form?.what} {...marks('what')}>
          {choices.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
        {message('what')}
      </label>
      <label className="field">
        <span>Time zone</span>
        <input className="input" name="zone" required defaultValue={form?.zone ?? timeZone} {...marks('zone')} />
        {message('zone')}
      </label>
      <fieldset className="freeze-span">
        <legend>
          <label className="tick-line">
            <input type="radio" name="kind" value="once" defaultChecked={!weekly} />
            <span>Once</span>
          </label>
        </legend>
        <label className="field">
          <span>From</span>
          <input
            className="input"
            type="datetime-local"
            name="from"
            defaultValue={form?.from}
            {...once.marks('from')}
          />
          {once.message('from')}
        </label>
        <label className="field">
          <span>Until</span>
          <input
            className="input"
            type="datetime-local"
            name="until"
            defaultValue={form?.until}
            {...once.marks('until')}
          />
          {once.message('until')}
        </label>
      </fieldset>
      <fieldset className="freeze-span">
        <legend>
          <label className="tick-line">
            <input type="radio" name="kind" value="weekly" defaultChecked={weekly} />
            <span>Every week</span>
          </label>
        </legend>
        {moment('from', 'From', form?.fromDay || '5', form?.fromTime || '16:00')}
        {moment('until', 'Until', form?.untilDay || '1', form?.untilTime || '08:00')}
      </fieldset>
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
        {busy ? 'Sending…' : 'Freeze it'}
      </button>
    </Form>
  );
}
