import { Form } from '@remix-run/react';
import { paths } from '../../paths.ts';
import { type ShadowWish, shadowDays } from './wish.ts';

/** Over how many days, and which team's or service's SLOs. */
export function ShadowForm({ wish, teams, services }: { wish: ShadowWish; teams: string[]; services: string[] }) {
  return (
    <Form method="get" action={paths.shadow()} className="slo-filters statement" key={JSON.stringify(wish)}>
      <label className="field">
        <span>Over the last</span>
        <select className="input" name="days" defaultValue={wish.days}>
          {shadowDays.map((days) => (
            <option key={days} value={days}>
              {days} days
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Team</span>
        <select className="input" name="team" defaultValue={wish.team}>
          <option value="">All teams</option>
          {teams.map((team) => (
            <option key={team}>{team}</option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Service</span>
        <select className="input" name="service" defaultValue={wish.service}>
          <option value="">All services</option>
          {services.map((service) => (
            <option key={service}>{service}</option>
          ))}
        </select>
      </label>
      {wish.slo !== '' && <input type="hidden" name="slo" value={wish.slo} />}
      <button type="submit" className="btn">
        Show
      </button>
    </Form>
  );
}
