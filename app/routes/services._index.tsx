import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { kindText } from '../components/kind.ts';
import { NothingDeclared } from '../components/nothing-declared.tsx';
import { byUrgency, sloRow } from '../components/overview.ts';
import { SloState } from '../components/slo-table.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { paths } from '../paths.ts';

export const meta: MetaFunction = () => [{ title: 'Services · Firebreak' }];

export const handle = { topics: ['slos', 'catalog', 'incidents'] };

export async function loader({ context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, clock } = context;
  const now = clock.now();
  const [catalog, states, incidents] = await Promise.all([
    stores.catalog.current(),
    stores.slos.states(),
    stores.incidents.open(),
  ]);
  const stateOf = new Map(states.map((state) => [state.slo, state]));
  const services = (catalog?.services ?? []).map((service) => {
    const slos = byUrgency(
      catalog!.slos
        .filter((slo) => slo.service === service.id)
        .map((slo) => sloRow(slo, stateOf.get(slo.id) ?? null, now)),
    );
    return {
      id: service.id,
      title: service.title,
      owner: service.owner,
      kind: kindText(service.kind),
      dependsOn: service.dependsOn,
      slos: slos.length,
      worst: slos[0] ?? null,
      incident: incidents.find((each) => each.service === service.id || each.children.includes(service.id))?.id ?? null,
    };
  });
  const rank = (each: (typeof services)[number]) =>
    (each.incident ? 4 : 0) + (each.worst?.tier ? 2 : 0) + (each.worst ? 1 : 0);
  return {
    read: catalog !== null,
    services: services.sort((a, b) => rank(b) - rank(a) || (a.title < b.title ? -1 : 1)),
  };
}

export default function Services() {
  const { read, services } = useLoaderData<typeof loader>();
  return (
    <>
      <h1 className="mb-4">Services</h1>
      <Panel title="What runs, and what it depends on" aside={<span className="age">{services.length}</span>}>
        {services.length === 0 && (
          <NothingDeclared read={read} title="No service is declared">
            Declare one as an OpenSLO <code>Service</code> in <code>alerts/*.yaml</code>.
          </NothingDeclared>
        )}
        <div className="scroll-x" hidden={services.length === 0}>
          <table className="table cards">
            <thead>
              <tr>
                <th>Service</th>
                <th>State</th>
                <th>Kind</th>
                <th>Owner</th>
                <th>Depends on</th>
              </tr>
            </thead>
            <tbody>
              {services.map((each) => (
                <tr key={each.id}>
                  <td className="half">
                    <a href={paths.service(each.id)}>{each.title}</a>
                  </td>
                  <td className="half end" data-label="State">
                    <span className="acts">
                      {each.worst ? <SloState row={each.worst} /> : <span className="text-faint">no SLO</span>}
                      {each.incident && (
                        <a className="text-red" href={paths.incident(each.incident)}>
                          ▲ incident
                        </a>
                      )}
                    </span>
                  </td>
                  <td className="half" data-label="Kind">
                    {each.kind}
                  </td>
                  <td className="half" data-label="Owner">
                    {each.owner}
                  </td>
                  <td data-label="Depends on" className="text-dim">
                    {each.dependsOn.join(', ') || 'nothing declared'}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
    </>
  );
}
