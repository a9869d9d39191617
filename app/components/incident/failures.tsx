import { failureLines } from '../../domain/incident/failure-groups.ts';
import type { ErrorLines } from '../../domain/incident/observed.ts';
import { countText } from '../../domain/slo/figures.ts';
import { ObservedPanel, type Read } from '../observed-panel.tsx';
import { Empty } from '../ui/empty.tsx';
import { Time } from '../ui/time.tsx';
import type { IncidentView } from './view.ts';

/** What fails: bad events by code, route, revision and region, and the error lines that came with the onset. */
export function FailuresPanel({
  view,
  asOf = null,
}: {
  view: Pick<IncidentView, 'failures' | 'lines'>;
  /** When it was over, ms: what was last read then stays true. Null while it fails or may fail. */
  asOf?: number | null;
}) {
  return (
    <ObservedPanel
      title={asOf === null ? 'What fails' : 'What failed'}
      system="Cloud Monitoring"
      id="failures"
      read={view.failures}
      asOf={asOf}
      empty={
        asOf === null ? (
          <Empty title="No bad events read yet">Response codes, revisions and regions of what fails stand here.</Empty>
        ) : (
          <Empty title="Not kept">Codes, revisions and regions are kept for the latest incident of an SLO only.</Empty>
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
            <ErrorLinesPart read={view.lines} asOf={asOf} />
          </div>
        );
      }}
    </ObservedPanel>
  );
}

function ErrorLinesPart({ read, asOf }: { read: Read<ErrorLines>; asOf: number | null }) {
  if (read.value === null) {
    return read.error && asOf === null ? (
      <p className="mt-3 text-[13px] text-dim">Cloud Logging does not answer: {read.error}</p>
    ) : null;
  }
  const before = new Map(read.value.before.map((line) => [line.message, line.count]));
  if (read.value.after.length === 0) return null;
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
        {asOf === null && read.error && ` · stale: ${read.error}`}
      </p>
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
