import { plural } from '../../domain/plural.ts';
import type { RehearsalStanding } from '../../domain/rehearsal/record.ts';
import { paths } from '../../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { Age } from '../ui/time.tsx';
import { RehearsalChip } from './rehearsal-view.tsx';

/** One runbook of the list; `snippet` is where the searched words stand in it, `changedAt` null when nobody knows. */
export interface RunbookRow {
  slug: string;
  title: string;
  owner: string | null;
  service: string | null;
  steps: number;
  problems: number;
  fresh: { state: 'fresh' | 'overdue' | 'undeclared'; text: string };
  changedAt: number | null;
  snippet: { text: string; found: boolean }[];
  /** Null for a runbook without steps. */
  rehearsed: Pick<RehearsalStanding, 'state'> | null;
}

/** A runbook's title, whose it is, what it can do, how fresh it is, and the words that were found. */
export function RunbookListRow({ row }: { row: RunbookRow }) {
  const facts = [
    row.service,
    row.owner && `owned by ${row.owner}`,
    row.steps > 0 ? `${row.steps} ${row.steps === 1 ? 'step' : 'steps'}` : 'text only',
    row.fresh.text,
  ].filter(Boolean);
  let at = 0;
  return (
    <a className="row plain" href={paths.runbook(row.slug)}>
      <span>
        <span className="row-title">{row.title}</span>
        <span className="row-detail block">
          {facts.join(' · ')}
          {row.changedAt !== null && (
            <>
              {' · changed '}
              <Age at={row.changedAt} />
            </>
          )}
        </span>
        {row.snippet.length > 0 && (
          <span className="row-detail block">
            {row.snippet.map(({ text, found }) => {
              at += text.length;
              return found ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>;
            })}
          </span>
        )}
      </span>
      <span className="acts">
        {row.rehearsed && <RehearsalChip standing={row.rehearsed} />}
        {row.problems > 0 && <Chip tone="bad">{plural(row.problems, 'problem')}</Chip>}
        {row.fresh.state === 'overdue' && <Chip tone="warn">review overdue</Chip>}
      </span>
    </a>
  );
}
