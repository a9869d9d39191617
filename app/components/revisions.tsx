import { ObservedPanel, type Read } from './observed-panel.tsx';
import type { ServiceReading } from './observed-service.ts';
import { Chip } from './ui/chip.tsx';
import { Empty } from './ui/empty.tsx';
import { Time } from './ui/time.tsx';

const shown = 5;

/** Revisions with the share of traffic that each takes, newest first; says when traffic is pinned. */
export function Revisions({ read, pinned }: { read: Read<ServiceReading>; pinned: React.ReactNode }) {
  return (
    <ObservedPanel
      title="Revisions and traffic"
      system="Cloud Run"
      read={read}
      empty={<Empty title="Not read yet">Revisions and their traffic stand here once Cloud Run has been read.</Empty>}
    >
      {({ service, revisions, pinnedSince, pinnedAtLeast }) => {
        const share = new Map<string, number>();
        for (const each of service.trafficStatuses) {
          const name = each.revision ?? service.latestReadyRevision ?? '';
          share.set(name, (share.get(name) ?? 0) + each.percent);
        }
        return (
          <>
            {pinnedSince !== null && (
              <div className="panel-note acts">
                <Chip tone="warn" wrap>
                  Traffic is pinned by name {pinnedAtLeast && 'at least '}since <Time at={pinnedSince} />: the next
                  deployment gets 0 %
                </Chip>
                {pinned}
              </div>
            )}
            {service.reconciling && <p className="panel-note">A change of traffic is under way.</p>}
            {[...revisions]
              .sort((a, b) => b.createdAt - a.createdAt)
              .slice(0, shown)
              .map((revision) => (
                <div key={revision.name} className="row plain keep">
                  <span>
                    <span className="mono">{revision.name}</span>
                    <span className="row-detail block">
                      created <Time at={revision.createdAt} />
                      {revision.labels.commit && ` · commit ${revision.labels.commit.slice(0, 7)}`}
                      {revision.labels.author && ` · ${revision.labels.author}`}
                    </span>
                  </span>
                  <span className="acts">
                    {!revision.ready && <Chip tone="bad">not ready</Chip>}
                    {revision.retired && <Chip>retired</Chip>}
                    <b className="font-[550]">{share.get(revision.name) ?? 0} %</b>
                  </span>
                </div>
              ))}
          </>
        );
      }}
    </ObservedPanel>
  );
}
