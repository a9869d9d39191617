import type { Change } from '../domain/change/change.ts';
import { changeSign } from './incident/marks.ts';
import { Empty } from './ui/empty.tsx';
import { Panel } from './ui/panel.tsx';
import { Sign } from './ui/sign.tsx';
import { tight } from './ui/tight.ts';
import { Time } from './ui/time.tsx';

/** Changes, newest first, as they were recorded. */
export function Changes({ changes, title = 'Recent changes' }: { changes: Change[]; title?: string }) {
  return (
    <Panel title={title}>
      {changes.length === 0 && (
        <Empty title="No change recorded">
          Flags, revisions and traffic are watched; migrations, secrets and the rest come through{' '}
          <code>firebreak change record</code>.
        </Empty>
      )}
      {changes.map((change) => (
        <div key={change.id} className="row">
          <Sign kind={changeSign(change)} />
          <div>
            <div className="row-title">
              {change.url ? (
                <a className="hover:underline" href={change.url} rel="noreferrer">
                  {tight(change.title)}
                </a>
              ) : (
                tight(change.title)
              )}
            </div>
            <div className="row-detail">
              {[
                change.service,
                change.actor && `by ${change.actor}`,
                change.commit && `commit ${change.commit.slice(0, 7)}`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </div>
          </div>
          <span className="age">
            <Time at={change.at} />
          </span>
        </div>
      ))}
    </Panel>
  );
}
