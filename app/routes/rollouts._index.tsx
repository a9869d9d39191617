import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { RolloutRows } from '../components/rollout/rows.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Panel } from '../components/ui/panel.tsx';
import type { Rollout } from '../domain/rollout/rollout.ts';
import { isEnded } from '../domain/rollout/transitions.ts';
import { paths } from '../paths.ts';

const pastShown = 50;

export const meta: MetaFunction = () => [{ title: 'Rollouts · Firebreak' }];

export const handle = { topics: ['rollouts'] };

/** Rollouts that go on, and the last ones that are over. */
export async function loader({ context }: LoaderFunctionArgs) {
  context.require('read');
  const { rollouts } = context.stores;
  const [open, past] = await Promise.all([
    rollouts.list({ open: true, limit: 200 }),
    rollouts.list({ open: false, limit: pastShown }),
  ]);
  return { open, past };
}

export default function Rollouts() {
  const { open, past } = useLoaderData<typeof loader>() as { open: Rollout[]; past: Rollout[] };
  return (
    <>
      <div className="head">
        <h1>Rollouts</h1>
        <div className="acts">
          <a className="btn" href={paths.newRollout()}>
            Roll something out…
          </a>
        </div>
      </div>
      <div className="col">
        <Panel title="Going on">
          {open.length === 0 && (
            <Empty title="Nothing is being rolled out">
              A flag or a revision that goes up by steps, each watched before the next, stands here.
            </Empty>
          )}
          <RolloutRows rollouts={open.filter(({ state }) => !isEnded(state))} />
        </Panel>
        {past.length > 0 && (
          <Panel title="Over">
            <RolloutRows rollouts={past} />
          </Panel>
        )}
      </div>
    </>
  );
}
