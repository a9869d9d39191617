import { Form } from '@remix-run/react';
import { paths } from '../paths.ts';
import { type ListWish, listGroups, listSorts, listStates, wideStates } from './slo-list.ts';
import { Choice } from './ui/choice.tsx';

/** How the list of SLOs is narrowed, sorted and grouped: a plain form whose answer is an address. */
export function SloListForm({ wish, services, teams }: { wish: ListWish; services: string[]; teams: string[] }) {
  const names = (list: string[], all: string) => [['', all], ...list.map((name) => [name, name])] as [string, string][];
  const states = [['', 'All states'], ...Object.entries(wideStates), ...Object.entries(listStates)] as [
    string,
    string,
  ][];
  return (
    // A new address is a new form: its fields show what that address says.
    <Form method="get" action={paths.slos()} className="slo-filters" role="search" key={JSON.stringify(wish)}>
      <label className="field">
        <span>Name, service or team</span>
        <input className="input" type="search" name="q" defaultValue={wish.q} maxLength={100} />
      </label>
      <Choice label="Service" name="service" value={wish.service} options={names(services, 'All services')} />
      <Choice label="Team" name="team" value={wish.team} options={names(teams, 'All teams')} />
      <Choice label="State" name="state" value={wish.state} options={states} />
      <Choice label="Order" name="sort" value={wish.sort} options={Object.entries(listSorts)} />
      <Choice label="Groups" name="group" value={wish.group} options={Object.entries(listGroups)} />
      <button type="submit" className="btn">
        Show
      </button>
    </Form>
  );
}
