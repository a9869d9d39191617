import type { RolloutEntry } from '../../domain/rollout/rollout.ts';
import { paths } from '../../paths.ts';
import { Panel } from '../ui/panel.tsx';
import { tight } from '../ui/tight.ts';
import { Time } from '../ui/time.tsx';

/** What happened to a rollout, newest first; every line is in the audit too. */
export function RolloutHistory({ entries }: { entries: RolloutEntry[] }) {
  return (
    <Panel
      title="What happened"
      aside={
        <a className="link" href={paths.audit()}>
          Audit
        </a>
      }
    >
      {[...entries].reverse().map(({ at, by, text, stage }) => (
        <div className="row plain" key={`${at} ${text}`}>
          <span>
            {tight(text)}
            <span className="row-detail block">
              <Time at={at} /> · stage {stage + 1} · {by}
            </span>
          </span>
        </div>
      ))}
    </Panel>
  );
}
