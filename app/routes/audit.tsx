import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { auditRow } from '../components/audit-row.ts';
import { AuditTable } from '../components/audit-table.tsx';
import { Chip } from '../components/ui/chip.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Pager } from '../components/ui/pager.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { Age } from '../components/ui/time.tsx';
import type { AuditChain } from '../domain/audit/audit.ts';
import { plural } from '../domain/plural.ts';
import { paths } from '../paths.ts';

const perPage = 50;

export const meta: MetaFunction = () => [{ title: 'Audit · Firebreak' }];

/** Audit lines, newest first; `before` is a sequence number, `run` narrows to one run. How the chain was found at its last verification is shown with its age. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  context.require('read');
  const { searchParams } = new URL(request.url);
  const before = Number(searchParams.get('before')) || undefined;
  const runId = searchParams.get('run') ?? undefined;
  const [entries, chain] = await Promise.all([
    context.stores.audit.page({ before, limit: perPage + 1, runId }),
    context.stores.observations.get<AuditChain>('firebreak', 'audit'),
  ]);
  const page = entries.slice(0, perPage);
  return {
    entries: page.map(auditRow),
    chain: chain.value === null || chain.at === null ? null : { ...chain.value, at: chain.at },
    runId: runId ?? null,
    older: entries.length > perPage ? page[page.length - 1]!.seq : null,
    first: !before,
  };
}

export default function Audit() {
  const { entries, chain, runId, older, first } = useLoaderData<typeof loader>();
  const at = (before: number) =>
    `${paths.audit()}?${new URLSearchParams({ before: `${before}`, ...(runId ? { run: runId } : {}) })}`;
  return (
    <>
      <div className="head">
        <h1>Audit</h1>
        {!chain && <Chip tone="warn">chain not verified yet</Chip>}
        {chain?.ok && (
          <Chip tone="ok">
            chain holds: {plural(chain.entries, 'entry', 'entries')} verified <Age at={chain.at} />
          </Chip>
        )}
        {chain && !chain.ok && (
          <Chip tone="bad">
            chain broken at entry {chain.brokenAt}, seen <Age at={chain.at} />
          </Chip>
        )}
      </div>
      <div className="col">
        <Panel title={runId ? `Of run ${runId}` : 'Who did what, newest first'}>
          {entries.length === 0 && <Empty title="Nothing yet">Every action is written here, in one chain.</Empty>}
          {entries.length > 0 && <AuditTable entries={entries} />}
        </Panel>
        <Pager older={older ? at(older) : null} newest={first ? null : paths.audit()} />
      </div>
    </>
  );
}
