import type { ReactNode } from 'react';
import { paths } from '../../paths.ts';
import { Panel } from '../ui/panel.tsx';
import { Age, Day } from '../ui/time.tsx';
import type { FlagPageData } from './page-data.ts';

type Part = Pick<
  FlagPageData,
  'createdAt' | 'lastSeenAt' | 'expires' | 'stale' | 'parents' | 'children' | 'slos' | 'safe' | 'declaredAt'
>;

/** Where a flag is in its life, what hangs on it and what it can burn. */
export function Lifecycle({ page }: { page: Part }) {
  return (
    <Panel title="Lifecycle">
      <div className="panel-body">
        <dl className="pairs">
          <Pair name="Created">{page.createdAt === null ? 'not known' : <Day at={page.createdAt} />}</Pair>
          <Pair name="Last asked for">
            {page.lastSeenAt === null ? 'never reported' : <Age at={page.lastSeenAt} />}
          </Pair>
          <Pair name="Expires">{page.expires ?? 'no date'}</Pair>
          <Pair name="Declared in">{page.safe === null ? 'no file' : (page.declaredAt ?? 'a file in flags/')}</Pair>
          <Pair name="Can burn">
            {page.slos.length === 0
              ? 'no SLO declared'
              : page.slos.map((id) => (
                  <a key={id} className="link block" href={paths.slo(id)}>
                    {id}
                  </a>
                ))}
          </Pair>
          <Pair name="Parents">
            {page.parents.length === 0
              ? 'none'
              : page.parents.map(({ name, needs }) => (
                  <span key={name} className="block">
                    <a className="link" href={paths.flag(name)}>
                      {name}
                    </a>{' '}
                    must be {needs === 'a variant' ? 'on with a variant' : needs}
                  </span>
                ))}
          </Pair>
          <Pair name="Children">
            {page.children.length === 0
              ? 'none'
              : page.children.map((name) => (
                  <a key={name} className="link block" href={paths.flag(name)}>
                    {name}
                  </a>
                ))}
          </Pair>
        </dl>
      </div>
      {page.stale.map((reason) => (
        <p key={reason} className="panel-note text-amber">
          {reason}
        </p>
      ))}
    </Panel>
  );
}

function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
