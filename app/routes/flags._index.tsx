import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { flagRow } from '../components/flag-row.ts';
import { FlagTable } from '../components/flag-table.tsx';
import { NothingDeclared } from '../components/nothing-declared.tsx';
import { ObservedPanel } from '../components/observed-panel.tsx';
import type { FlagState } from '../domain/flag/flag.ts';

export const meta: MetaFunction = () => [{ title: 'Flags · Firebreak' }];

export const handle = { topics: ['flags', 'observations', 'catalog', 'changes'] };

/** Flags as declared and as Unleash has them: exposure per environment, owner, safe state, last change. */
export async function loader({ context }: LoaderFunctionArgs) {
  context.require('read');
  const { stores, deployment } = context;
  const [catalog, read, changes, followUps] = await Promise.all([
    stores.catalog.current(),
    stores.observations.get<FlagState[]>('unleash', 'flags'),
    stores.changes.recent({ limit: 200 }),
    stores.followUps.open(),
  ]);
  const states = new Map((read.value ?? []).filter((each) => !each.archived).map((each) => [each.flag, each]));
  const declared = (catalog?.flags ?? []).map((declaration) =>
    flagRow(declaration, states.get(declaration.name) ?? null, changes, followUps, deployment.environment, states),
  );
  const names = new Set(declared.map((each) => each.name));
  // Before a catalog was read nobody can say what it lacks.
  const undeclared = (catalog ? [...states.values()] : [])
    .filter((each) => !names.has(each.flag))
    .map((each) => each.flag);
  const { at, error, errorAt } = read;
  return { read: { value: declared, at, error, errorAt }, known: catalog !== null, undeclared };
}

export default function Flags() {
  const { read, known, undeclared } = useLoaderData<typeof loader>();
  return (
    <>
      <h1 className="mb-4">Flags</h1>
      <div className="col">
        <ObservedPanel title="Declared flags" system="Unleash" read={read} empty={null}>
          {(rows) =>
            rows.length > 0 ? (
              <FlagTable rows={rows} />
            ) : (
              <NothingDeclared read={known} title="No flag is declared">
                A flag's owners, safe state and SLOs are declared in <code>flags/*.yaml</code>; then it can be made safe
                from here.
              </NothingDeclared>
            )
          }
        </ObservedPanel>
        {undeclared.length > 0 && (
          <p className="text-[13px] text-dim">
            Unleash also has {undeclared.join(', ')}: not declared in <code>flags/</code>, so Firebreak does not know a
            safe state for {undeclared.length === 1 ? 'it' : 'them'}.
          </p>
        )}
      </div>
    </>
  );
}
