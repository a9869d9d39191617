import { Form } from '@remix-run/react';
import type { ReactNode } from 'react';
import { paths } from '../../paths.ts';
import { type WhatIfForm, whatIfDays } from './wish.ts';

/** Another objective, period and profile to try on stored history; nothing is changed by it. */
export function WhatIfFields({
  slo,
  form,
  wrong,
  period,
  profiles,
}: {
  slo: string;
  form: WhatIfForm;
  wrong: Partial<WhatIfForm>;
  /** The period as it is, in words. */
  period: string;
  profiles: string[];
}) {
  return (
    <Form method="get" action={paths.sloWhatIf(slo)} className="what-if-form panel-body" key={JSON.stringify(form)}>
      <Field label="Objective, %" name="objective" wrong={wrong.objective}>
        <input
          className="input"
          name="objective"
          defaultValue={form.objective}
          inputMode="decimal"
          maxLength={20}
          aria-invalid={wrong.objective !== undefined || undefined}
          aria-describedby="wrong-objective"
        />
      </Field>
      <Field label="Period" name="days" wrong={wrong.days}>
        <select className="input" name="days" defaultValue={form.days} aria-describedby="wrong-days">
          <option value="">{period}</option>
          {whatIfDays.map((days) => (
            <option key={days} value={days}>
              last {days} {days === 1 ? 'day' : 'days'}
            </option>
          ))}
        </select>
      </Field>
      <Field label="Burn profile" name="profile" wrong={wrong.profile}>
        <select className="input" name="profile" defaultValue={form.profile} aria-describedby="wrong-profile">
          {profiles.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </Field>
      <button type="submit" className="btn">
        Replay
      </button>
    </Form>
  );
}

function Field({ label, name, wrong, children }: { label: string; name: string; wrong?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="field">
      <span>{label}</span>
      {children}
      <span id={`wrong-${name}`} className="text-red" role={wrong ? 'alert' : undefined}>
        {wrong}
      </span>
    </label>
  );
}
