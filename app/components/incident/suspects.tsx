import type { SuspectList } from '../../domain/change/change.ts';
import { ObservedPanel } from '../observed-panel.tsx';
import { Empty } from '../ui/empty.tsx';
import { SuspectRow } from './suspect-row.tsx';
import type { IncidentView } from './view.ts';

/** What changed, likeliest first, or that nothing of ours explains the burn. */
export function Suspects({ view }: { view: IncidentView }) {
  return (
    <ObservedPanel
      title="What changed, likeliest first"
      system="The weighing of changes"
      id="suspects"
      read={view.suspects}
      past={view.incident.resolvedAt !== null}
      empty={
        view.incident.resolvedAt === null ? (
          <Empty title="Not weighed yet">
            Changes of flags, revisions and everything recorded are weighed against the errors within a minute of an
            incident.
          </Empty>
        ) : (
          <Empty title="Never weighed">It was over before changes could be weighed against its errors.</Empty>
        )
      }
    >
      {(list) => <SuspectRows list={list} view={view} />}
    </ObservedPanel>
  );
}

function SuspectRows({ list, view }: { list: SuspectList; view: IncidentView }) {
  return (
    <>
      {!list.explained && (
        <p className="panel-note">
          <b className="font-[550] text-ink">{list.verdict ?? 'Nothing of ours explains this.'}</b>
          {list.suspects.length > 0 && ' What did change is listed so that you can judge it yourself.'}
        </p>
      )}
      {list.suspects.map((suspect) => (
        <SuspectRow
          key={suspect.change.id}
          suspect={suspect}
          main={list.main?.change.id === suspect.change.id}
          view={view}
        />
      ))}
    </>
  );
}
