import type { ApprovalOutcome, ApprovalRequest } from '../../domain/run/approval.ts';
import { Chip, type Tone } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';

const outcomes: Record<ApprovalOutcome, { text: string; tone: Tone }> = {
  approved: { text: 'approved', tone: 'ok' },
  rejected: { text: 'rejected', tone: 'bad' },
  withdrawn: { text: 'withdrawn', tone: 'plain' },
  void: { text: 'void: the world moved', tone: 'warn' },
  expired: { text: 'lapsed', tone: 'warn' },
  'broken-glass': { text: 'glass broken', tone: 'bad' },
  'called-off': { text: 'called off', tone: 'plain' },
};

/** How a request stands, as a chip. */
export function OutcomeChip({ outcome }: { outcome: ApprovalOutcome | null }) {
  const { text, tone } = outcome === null ? { text: 'waits', tone: 'warn' as const } : outcomes[outcome];
  return <Chip tone={tone}>{text}</Chip>;
}

/** Everything that was asked for in a run, with who said yes and how it ended. */
export function ApprovalsPanel({ requests }: { requests: readonly ApprovalRequest[] }) {
  if (requests.length === 0) return null;
  return (
    <Panel title="Approvals">
      {requests.map((one) => (
        <div key={one.id} className="row plain">
          <span>
            <span className="row-title block">{one.reason}</span>
            <span className="row-detail block">
              {one.requester.name}, <Time at={one.askedAt} />
              {one.approvals.map(({ actor, at }) => (
                <span key={actor.email}>
                  {' · '}yes by {actor.name}, <Time at={at} />
                </span>
              ))}
              {one.endedReason && ` · ${one.endedReason}`}
            </span>
          </span>
          <OutcomeChip outcome={one.outcome} />
        </div>
      ))}
    </Panel>
  );
}
