import type { Suspect } from '../../domain/change/change.ts';
import { aboutBurnText } from '../../domain/slo/figures.ts';
import { Sign } from '../ui/sign.tsx';
import { tight } from '../ui/tight.ts';
import { Time } from '../ui/time.tsx';
import { changeSign } from './marks.ts';
import { ReversalButton } from './reversal-button.tsx';
import type { IncidentView } from './view.ts';

const evidenceWords = {
  strong: 'strong evidence',
  some: 'some evidence',
  weak: 'weak evidence',
  none: 'nothing points to it',
} as const;

/** One change with its reasons in words and its way back. */
export function SuspectRow({ suspect, main, view }: { suspect: Suspect; main: boolean; view: IncidentView }) {
  const { change, reversal } = suspect;
  const reasons = suspect.reasons.join(' · ');
  return (
    <div className="row">
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
          <Time at={change.at} />
          {change.actor && ` by ${change.actor}`} · {reasons || evidenceWords[suspect.evidence]}
          {suspect.expectedBurn !== null && ` · after the way back: ${aboutBurnText(suspect.expectedBurn)}`}
          {reversal?.rollback && (
            <>
              {' '}
              · rollback: {reversal.rollback}
              {reversal.rollbackReason && `, ${reversal.rollbackReason}`}
            </>
          )}
          {reasons && ` · ${evidenceWords[suspect.evidence]}`}
        </div>
      </div>
      <div className="acts">
        <ReversalButton suspect={suspect} main={main} view={view} />
      </div>
    </div>
  );
}
