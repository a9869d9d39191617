import type { Change } from '../../domain/change/change.ts';
import type { TimelineEntry } from '../../domain/incident/incident.ts';
import { plural } from '../../domain/plural.ts';
import { Panel } from '../ui/panel.tsx';
import { Sign, type SignKind } from '../ui/sign.tsx';
import { Time } from '../ui/time.tsx';
import { changeSign } from './marks.ts';

const signs: Partial<Record<TimelineEntry['kind'], SignKind>> = { page: 'page', run: 'run' };
const shown = 12;

/** What happened, newest first; the oldest beyond a dozen stay behind a fold. */
export function Timeline({
  entries,
  changes,
  story,
}: {
  entries: TimelineEntry[];
  changes: Change[];
  /** Address of all of it as a file for the postmortem. */
  story: string;
}) {
  // An entry names no kind of change; the change recorded at the same moment does.
  const kinds = new Map(changes.map((change) => [change.at, changeSign(change)]));
  const signOf = (entry: TimelineEntry) =>
    entry.kind === 'change' ? (kinds.get(entry.at) ?? 'other') : signs[entry.kind];
  const newest = [...entries].sort((a, b) => b.at - a.at);
  if (newest.length === 0) return null;
  return (
    <Panel
      title="Timeline"
      aside={
        <a className="age hover:underline" href={story} download>
          {plural(newest.length, 'entry', 'entries')}, for the postmortem ↓
        </a>
      }
    >
      <ol className="timeline">
        {newest.slice(0, shown).map((entry) => (
          <Entry key={`${entry.at}${entry.kind}${entry.text}`} entry={entry} sign={signOf(entry)} />
        ))}
      </ol>
      {newest.length > shown && (
        <details className="fold px-3.5 pb-3">
          <summary>{newest.length - shown} older</summary>
          <ol className="timeline !px-0">
            {newest.slice(shown).map((entry) => (
              <Entry key={`${entry.at}${entry.kind}${entry.text}`} entry={entry} sign={signOf(entry)} />
            ))}
          </ol>
        </details>
      )}
    </Panel>
  );
}

function Entry({ entry, sign }: { entry: TimelineEntry; sign: SignKind | undefined }) {
  return (
    <li>
      <Time at={entry.at} day="never" />
      <span>
        {sign && (
          <>
            <Sign kind={sign} />{' '}
          </>
        )}
        {entry.href ? (
          <a className="hover:underline" href={entry.href}>
            {entry.text}
          </a>
        ) : (
          entry.text
        )}
        {entry.actor && <span className="text-dim"> {entry.actor}</span>}
      </span>
    </li>
  );
}
