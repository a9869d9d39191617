import type { BurnAround, ChangeSide } from '../domain/change/around.ts';
import type { Change } from '../domain/change/change.ts';
import { burnText, countText } from '../domain/slo/figures.ts';
import { changeSign } from './incident/marks.ts';
import { Empty } from './ui/empty.tsx';
import { Panel } from './ui/panel.tsx';
import { Sign } from './ui/sign.tsx';
import { tight } from './ui/tight.ts';
import { Time } from './ui/time.tsx';

/** Changes of an SLO's service, newest first, each with the burn before and after it. */
export function SloChanges({ changes }: { changes: { change: Change; around: BurnAround }[] }) {
  return (
    <Panel title="Changes in this range, and the burn around them">
      {changes.length === 0 && (
        <Empty title="No change recorded">
          Each flag, revision and traffic change of the service stands here with the burn before and after it.
        </Empty>
      )}
      {changes.map(({ change, around }) => (
        <div key={change.id} className="row">
          <Sign kind={changeSign(change)} />
          <div>
            <div className="row-title">{tight(change.title)}</div>
            <div className="row-detail">
              {change.actor && `by ${change.actor} · `}
              hour before: {sideText(around.before)} · {afterWords(around.after)}: {sideText(around.after)}
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

function sideText({ bad, total, minutes, burn }: ChangeSide): string {
  if (minutes === 0) return 'no data';
  if (burn === null) return 'no traffic';
  return `${burnText(burn)} (${countText(bad)} of ${countText(total)})`;
}

function afterWords({ minutes }: ChangeSide): string {
  if (minutes >= 60) return 'hour after';
  return minutes === 0 ? 'after' : tight(`${minutes} min after`);
}
