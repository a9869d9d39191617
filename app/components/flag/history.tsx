import type { Change } from '../../domain/change/change.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { Sign } from '../ui/sign.tsx';
import { tight } from '../ui/tight.ts';
import { Time } from '../ui/time.tsx';

/** What happened to a flag, newest first, with what stood there before and after. */
export function FlagHistory({ changes }: { changes: Change[] }) {
  return (
    <Panel title="History" id="history">
      {changes.length === 0 && (
        <Empty title="No change seen">Unleash's events are read every few seconds; its changes stand here.</Empty>
      )}
      {changes.map((change) => (
        <div key={change.id} className="row">
          <Sign kind="flag" />
          <div>
            <div className="row-title">{tight(change.title)}</div>
            {change.actor && <div className="row-detail">by {change.actor}</div>}
            {(isSaid(change.before) || isSaid(change.after)) && (
              <details className="fold">
                <summary>Before and after</summary>
                <div className="before-after">
                  <Side title="Before" value={change.before} />
                  <Side title="After" value={change.after} />
                </div>
              </details>
            )}
          </div>
          <span className="age">
            <Time at={change.at} />
          </span>
        </div>
      ))}
    </Panel>
  );
}

function Side({ title, value }: { title: string; value: unknown }) {
  return (
    <div>
      <span className="tile-label">{title}</span>
      {isSaid(value) ? <pre className="mono">{JSON.stringify(value, null, 2)}</pre> : <p>nothing</p>}
    </div>
  );
}

function isSaid(value: unknown): boolean {
  return value !== null && value !== undefined && Object.keys(Object(value)).length > 0;
}
