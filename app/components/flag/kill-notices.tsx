import type { KillNotice } from '../../domain/flag/kill-notice.ts';
import { paths } from '../../paths.ts';
import { Panel } from '../ui/panel.tsx';
import { Sign } from '../ui/sign.tsx';
import { tight } from '../ui/tight.ts';
import { Time } from '../ui/time.tsx';
import { backByStages } from './back-by-stages.ts';

/** Flags that somebody else made safe: why, on what evidence, and what must be true before they come back. */
export function KillNotices({ notices, title }: { notices: KillNotice[]; title: string }) {
  if (notices.length === 0) return null;
  return (
    <Panel title={title}>
      {notices.map((notice) => (
        <div key={notice.target} className="row">
          <Sign kind="flag" />
          <div>
            <div className="row-title">
              <a
                className="hover:underline"
                href={`${paths.flag(notice.flag)}#in-${encodeURIComponent(notice.environment)}`}
              >
                {notice.title}
              </a>
            </div>
            <div className="row-detail">
              {notice.by} did it at <Time at={notice.at} />
              {notice.why === null ? '.' : `: ${notice.why}`} For {notice.owners.join(', ')}.
            </div>
            {notice.evidence.length > 0 && <div className="row-detail">Evidence: {notice.evidence.join('; ')}.</div>}
            <div className="row-detail">To come back: {notice.comeBack.join('; ')}.</div>
            <div className="row-detail">
              {notice.firstShare !== undefined && (
                <>
                  <a className="link" href={backByStages(notice.flag, notice.environment)}>
                    back at {tight(`${notice.firstShare} %`)} under guard…
                  </a>
                  {' · '}
                </>
              )}
              <a className="link" href={paths.runStep(notice.runId, notice.stepId)}>
                what was done
              </a>
              {notice.incidentId && (
                <>
                  {' · '}
                  <a className="link" href={paths.incident(notice.incidentId)}>
                    incident
                  </a>
                </>
              )}
            </div>
          </div>
        </div>
      ))}
    </Panel>
  );
}
