import { Form } from '@remix-run/react';
import { paths } from '../../paths.ts';
import { Choice } from '../ui/choice.tsx';
import { type ListWish, listSorts, listStates } from './list.ts';

/** How the list of flags is narrowed and sorted: a plain form whose answer is an address. */
export function FlagListForm({ wish, services, owners }: { wish: ListWish; services: string[]; owners: string[] }) {
  const names = (list: string[], all: string) => [['', all], ...list.map((name) => [name, name])] as [string, string][];
  const states = [['', 'All states'], ...Object.entries(listStates)] as [string, string][];
  return (
    // A new address is a new form: its fields show what that address says.
    <Form method="get" action={paths.flags()} className="slo-filters flags" role="search" key={JSON.stringify(wish)}>
      <label className="field">
        <span>Name, service or owner</span>
        <input className="input" type="search" name="q" defaultValue={wish.q} maxLength={100} />
      </label>
      <Choice label="Service" name="service" value={wish.service} options={names(services, 'All services')} />
      <Choice label="Owner" name="owner" value={wish.owner} options={names(owners, 'All owners')} />
      <Choice label="State" name="state" value={wish.state} options={states} />
      <Choice label="Order" name="sort" value={wish.sort} options={Object.entries(listSorts)} />
      <button type="submit" className="btn">
        Show
      </button>
    </Form>
  );
}
