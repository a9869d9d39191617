import type { ChangeNotice } from '../domain/change/notice.ts';
import { paths } from '../paths.ts';
import { changeSign } from './incident/marks.ts';
import { Panel } from './ui/panel.tsx';
import { PostButton } from './ui/post-button.tsx';
import { Sign } from './ui/sign.tsx';
import { Time } from './ui/time.tsx';

/** Burn that rises since something was moved, told to whoever moved it; on the service's page with the way back. */
export function ChangeNotices({ notices, back }: { notices: ChangeNotice[]; back: { why: string | null } | null }) {
  if (notices.length === 0) return null;
  return (
    <Panel title="Burn rises since a change">
      {notices.map(({ key, at, change, service, sloTitle, text, reversal }) => (
        <div key={key} className="row">
          <Sign kind={changeSign({ kind: change.kind, source: 'cloud-run' })} />
          <div>
            <div className="row-title">
              <a className="hover:underline" href={paths.service(service)}>
                {change.title}
              </a>
            </div>
            <div className="row-detail">
              {change.actor && `For ${change.actor}: `}
              {text} {sloTitle}, told <Time at={at} />
            </div>
            {back && reversal && (
              <div className="acts mt-2">
                <PostButton fields={{ intent: 'reverse', notice: key }} why={back.why}>
                  {reversal.label}…
                </PostButton>
              </div>
            )}
          </div>
        </div>
      ))}
    </Panel>
  );
}
