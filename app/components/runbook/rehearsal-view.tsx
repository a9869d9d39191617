import type { RehearsalStanding } from '../../domain/rehearsal/record.ts';
import { paths } from '../../paths.ts';
import type { RunRow } from '../run/run-rows.tsx';
import { Chip } from '../ui/chip.tsx';
import { Age } from '../ui/time.tsx';

const chips = {
  held: { tone: 'ok', text: 'rehearsed' },
  failed: { tone: 'bad', text: 'rehearsal failed' },
  'other-bytes': { tone: 'plain', text: 'rehearsed with other bytes' },
  never: { tone: 'plain', text: 'not rehearsed' },
  undeclared: { tone: 'plain', text: 'not rehearsed' },
} as const;

/** Whether what is in force now was rehearsed, for a list. */
export function RehearsalChip({ standing }: { standing: Pick<RehearsalStanding, 'state'> }) {
  const { tone, text } = chips[standing.state];
  return <Chip tone={tone}>{text}</Chip>;
}

/** What is known of a runbook besides its words: its rehearsal, and apart from it the last time that people really used it. */
export function Proven({ standing, lastRun }: { standing: RehearsalStanding; lastRun: RunRow | null }) {
  return (
    <>
      <p>
        <RehearsalChip standing={standing} />
      </p>
      <p className={standing.state === 'other-bytes' ? 'dim' : undefined}>
        {upper(standing.text)}
        {standing.at !== null && (
          <>
            {', '}
            <Age at={standing.at} />
          </>
        )}
        .
      </p>
      {standing.failed.length > 0 && (
        <ul>
          {standing.failed.map(({ name, why }) => (
            <li key={name}>
              {name}
              {why !== null && <span className="block dim">{why}</span>}
            </li>
          ))}
        </ul>
      )}
      {standing.state === 'never' && (
        <p className="dim">
          <code>npm run rehearse -- --record</code> plays its cases and tells this page.
        </p>
      )}
      {standing.state === 'undeclared' && (
        <p className="dim">
          Cases stand in a <code>.rehearsal.yaml</code> file beside the runbook.
        </p>
      )}
      {lastRun ? (
        <p>
          Last used{' '}
          <a className="link" href={paths.run(lastRun.id)}>
            <Age at={lastRun.openedAt} />
          </a>{' '}
          by {lastRun.openedBy}: {outcomeOf(lastRun)}.
        </p>
      ) : (
        <p className="dim">No run of it is among the latest of its service.</p>
      )}
    </>
  );
}

const results = {
  improved: 'the burn improved',
  not_improved: 'the burn did not improve',
  worse: 'the burn got worse',
  no_data: 'nothing was proven',
} as const;

/** What the last verification of a run found, else how it ended. */
function outcomeOf({ results: found, state }: RunRow): string {
  const last = found.findLast((result) => result !== 'none');
  if (last !== undefined) return results[last];
  return state === 'cancelled' ? 'cancelled' : state === 'done' ? 'done, nothing to verify' : 'still open';
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
