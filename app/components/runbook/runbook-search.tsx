import { Form } from '@remix-run/react';
import { paths } from '../../paths.ts';

/** What the list of runbooks is searched for; empty texts search for nothing. */
export interface RunbookWish {
  q: string;
  service: string;
  alert: string;
}

/** The wish that an address holds. */
export function readRunbookWish(params: URLSearchParams): RunbookWish {
  const text = (name: string) => (params.get(name) ?? '').trim().slice(0, 200);
  return { q: text('q'), service: text('service'), alert: text('alert') };
}

/** Search over all runbooks: words, a service, an alert. A plain form whose answer is an address. */
export function RunbookSearch({ wish, services, slos }: { wish: RunbookWish; services: string[]; slos: string[] }) {
  return (
    // A new address is a new form: its fields show what that address says.
    <Form method="get" action={paths.runbooks()} className="runbook-filters" role="search" key={JSON.stringify(wish)}>
      <label className="field">
        <span>Words in any runbook</span>
        <input className="input" type="search" name="q" defaultValue={wish.q} maxLength={200} />
      </label>
      <Names label="Service" name="service" value={wish.service} all="All services" names={services} />
      <Names label="Alert" name="alert" value={wish.alert} all="All alerts" names={slos} />
      <button type="submit" className="btn">
        Search
      </button>
    </Form>
  );
}

function Names(props: { label: string; name: string; value: string; all: string; names: string[] }) {
  return (
    <label className="field">
      <span>{props.label}</span>
      <select className="input" name={props.name} defaultValue={props.value}>
        <option value="">{props.all}</option>
        {props.names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
