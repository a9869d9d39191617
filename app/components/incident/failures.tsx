import { failureLines } from '../../domain/incident/failure-groups.ts';
import type { ErrorLines } from '../../domain/incident/observed.ts';
import { countText } from '../../domain/slo/figures.ts';
import { useFreshness } from '../freshness.ts';
import { ObservedPanel, type Read } from '../observed-panel.tsx';
import { Empty } from '../ui/empty.tsx';
import { Elapsed, Time } from '../ui/time.tsx';
import type { IncidentView } from './view.ts';

/** What fails: bad events by code, route, revision and region, and the error lines that came with the onset. */
export function FailuresPanel({
  view,
  system = 'Cloud Monitoring',
  past = false,
}: {
  view: Pick<IncidentView, 'failures' | 'lines'>;
  /** Where the bad events were counted. */
  system?: string;
  /** True once it is over: nobody reads it any more, and what was read last stays true. */
  past?: boolean;
}) {
  return (
    <ObservedPanel
      title={past ? 'What failed' : 'What fails'}
      system={system}
      id="failures"
      read={view.failures}
      past={past}
      empty={
        past ? (
          <Empty title="Nothing kept">Codes, revisions and regions are kept for the latest incident of an SLO.</Empty>
        ) : (
          <Empty title="No bad events read yet">Response codes, revisions and regions of what fails stand here.</Empty>
        )
      }
    >
      {(failures) => {
        const { lines, rest, bad } = failureLines(failures.groups);
        return (
          <div className="panel-body">
            <p className="mb-2 text-[13px] text-dim">
              {countText(bad)} bad requests from <Time at={failures.from} /> to <Time at={failures.to} />
            </p>
            <ul className="fails">
              {lines.map((line) => (
                <li key={`${line.route} ${line.code}`}>
                  <code>
                    {[line.route, line.code, line.revisions.join(', '), line.regions.join(', ')]
                      .filter(Boolean)
                      .join(' · ')}
                  </code>
                  <span className="text-dim">{countText(line.bad)}</span>
                </li>
              ))}
              {rest > 0 && (
                <li>
                  <span className="text-dim">everything else</span>
                  <span className="text-dim">{countText(rest)}</span>
                </li>
              )}
            </ul>
            <ErrorLinesPart read={view.lines} past={past} />
          </div>
        );
      }}
    </ObservedPanel>
  );
}

/** Lines are read with every story of an incident; older ones than this, ms, are stale. */
const linesStaleAfter = 2 * 60_000;

function ErrorLinesPart({ read, past }: { read: Read<ErrorLines>; past: boolean }) {
  const { state, error, at } = useFreshness(read, linesStaleAfter);
  const trouble =
    error && !past ? <p className="mt-3 text-[13px] text-dim">Cloud Logging does not answer: {error}</p> : null;
  if (read.value === null) return trouble;
  const before = new Map(read.value.before.map((line) => [line.message, line.count]));
  if (read.value.after.length === 0) return trouble;
  return (
    <>
      <p className="mb-2 mt-4 text-[13px] text-dim">
        Error lines in the logs
        {read.value.onset !== null && (
          <>
            {' '}
            since <Time at={read.value.onset} />
          </>
        )}
        {read.value.latest !== undefined && `, of the latest ${countText(read.value.latest)}`}
        {!past && state === 'stale' && at !== null && (
          <b className="font-[550] text-amber">
            {' '}
            ! stale · <Elapsed since={at} />
          </b>
        )}
      </p>
      {trouble}
      <ul className="fails">
        {read.value.after.slice(0, 5).map((line) => (
          <li key={line.message}>
            <code>{line.message}</code>
            <span className="text-dim">
              {countText(line.count)},{' '}
              {before.has(line.message) ? `${countText(before.get(line.message)!)} before` : 'new'}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
