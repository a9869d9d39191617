import { Form } from '@remix-run/react';
import { paths } from '../../paths.ts';
import type { StatementWish } from './wish.ts';

/** Which month, and which team's or service's SLOs. */
export function StatementForm({
  wish,
  months,
  teams,
  services,
}: {
  wish: StatementWish;
  months: { name: string; text: string }[];
  teams: string[];
  services: string[];
}) {
  return (
    <Form method="get" action={paths.statement()} className="slo-filters statement" key={JSON.stringify(wish)}>
      <label className="field">
        <span>Month</span>
        <select className="input" name="month" defaultValue={wish.month}>
          {months.map(({ name, text }) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <Names label="Team" name="team" value={wish.team} all="All teams" names={teams} />
      <Names label="Service" name="service" value={wish.service} all="All services" names={services} />
      {wish.slo !== '' && <input type="hidden" name="slo" value={wish.slo} />}
      <button type="submit" className="btn">
        Show
      </button>
    </Form>
  );
}

function Names({
  label,
  name,
  value,
  all,
  names,
}: {
  label: string;
  name: string;
  value: string;
  all: string;
  names: string[];
}) {
  return (
    <label className="field">
      <span>{label}</span>
      <select className="input" name={name} defaultValue={value}>
        <option value="">{all}</option>
        {names.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </label>
  );
}
