import type { PanicSet } from '../../domain/panic/panic-set.ts';
import { paths } from '../../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { PostButton } from '../ui/post-button.tsx';
import { Problem } from '../ui/problem.tsx';
import { Time } from '../ui/time.tsx';

/** A panic in the list of those before. */
interface PastPanic {
  id: string;
  title: string;
  by: string;
  openedAt: number;
  confirmedAt: number | null;
  putAwayAt: number | null;
  summary: string;
}

/** The prepared sets, each with the way to its dry run, and what was pressed before. */
export function PanicSets({
  sets,
  panics,
  whyNot,
  problem,
}: {
  sets: PanicSet[];
  panics: PastPanic[];
  whyNot: string | null;
  problem: string | null;
}) {
  return (
    <>
      <div className="head">
        <div>
          <h1>Panic</h1>
          <p className="mt-2 text-dim">
            Prepared sets make several things safe at once. A dry run comes first and changes nothing; then one press.
          </p>
        </div>
      </div>
      {problem && <Problem>{problem}</Problem>}
      <div className="col">
        <Panel title="Prepared sets">
          {sets.length === 0 && (
            <Empty title="No set is prepared">
              A file in flags/ with kind: PanicSet names flags, and services whose traffic goes back, for a bad day.
            </Empty>
          )}
          {sets.map((set) => (
            <div key={set.name} className="row plain" id={set.name}>
              <div className="min-w-0">
                <div className="row-title">{set.title}</div>
                <div className="row-detail">{set.why}</div>
                <div className="row-detail">
                  In {set.environment}: {membersWords(set)}
                </div>
              </div>
              <span className="acts">
                <PostButton fields={{ intent: 'dry-run', set: set.name }} why={whyNot}>
                  Dry run…
                </PostButton>
              </span>
            </div>
          ))}
        </Panel>
        {panics.length > 0 && (
          <Panel title="Before">
            {panics.map((panic) => (
              <a key={panic.id} className="row plain" href={paths.panic(panic.id)}>
                <span>
                  <span className="row-title">{panic.title}</span>
                  <span className="row-detail block">
                    <Time at={panic.confirmedAt ?? panic.openedAt} /> by {panic.by}
                    {panic.confirmedAt !== null && ` · ${panic.summary}`}
                  </span>
                </span>
                {panic.confirmedAt === null && (
                  <Chip>{panic.putAwayAt === null ? 'dry run, nothing changed' : 'put away'}</Chip>
                )}
              </a>
            ))}
          </Panel>
        )}
      </div>
    </>
  );
}

/** "a, b to their safe state · traffic of c to the previous healthy revision". */
function membersWords({ members }: PanicSet): string {
  const named = (kind: PanicSet['members'][number]['kind']) =>
    members.flatMap((member) => (member.kind === kind ? [member.name] : []));
  const [flags, services] = [named('flag'), named('traffic')];
  return [
    flags.length > 0 && `${flags.join(', ')} to ${flags.length === 1 ? 'its' : 'their'} safe state`,
    services.length > 0 && `traffic of ${services.join(', ')} to the previous healthy revision`,
  ]
    .filter(Boolean)
    .join(' · ');
}
