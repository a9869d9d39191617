import type { StepResult, VerificationState } from '../../domain/run/run.ts';
import { burnText, shareText } from '../../domain/slo/figures.ts';
import { Chip } from '../ui/chip.tsx';
import { useTicking } from '../ui/clock.tsx';
import { countdown } from '../ui/duration.ts';
import { Time } from '../ui/time.tsx';
import { windowText } from '../window-words.ts';
import { resultWords } from './step-state.ts';

/** Verification by burn: counts down to the first informative minute, then says what data from after the effect shows. */
export function Proof({ verification, result }: { verification: VerificationState; result: StepResult }) {
  const v = verification;
  const end = resultWords(v.outcome ?? result);
  const share = useTicking((now) =>
    Math.round(Math.min(1, Math.max(0, (now - v.effectAt) / Math.max(1, v.deadline - v.effectAt))) * 100),
  );
  const line = useTicking((now) => {
    if (now < v.firstInformativeAt) return `first proof in ${countdown(v.firstInformativeAt - now)}`;
    return now < v.deadline ? `decided in ${countdown(v.deadline - now)} at the latest` : 'time is up';
  });
  const first = ((v.firstInformativeAt - v.effectAt) / Math.max(1, v.deadline - v.effectAt)) * 100;
  return (
    <section className="proof" aria-label="Verification">
      <div className="acts justify-between">
        <span>
          Verified when the last {windowText(v.window)} burn under {burnText(v.burnUnder)}, on data from after{' '}
          <Time at={v.effectAt} />
        </span>
        {end ? <Chip tone={end.tone}>{end.text}</Chip> : <b className="font-[550]">{line}</b>}
      </div>
      {!end && (
        <div className="proof-track" role="img" aria-label={`${share} % of the time for verification has passed`}>
          <i style={{ width: `${share}%` }} />
          <b style={{ left: `${Math.min(99, first)}%` }} />
        </div>
      )}
      <p className="text-dim" aria-live="polite">
        {v.text}
        {v.coverage > 0 && v.coverage < 1 && ` ${shareText(v.coverage)} of the window covered.`}
        {v.provisional && v.total > 0 && ' Provisional.'}
      </p>
      {!end && (
        <p className="text-faint">
          First informative minute <Time at={v.firstInformativeAt} />, decided by <Time at={v.deadline} />. What the
          chart draws from before <Time at={v.effectAt} /> says nothing about your change.
        </p>
      )}
    </section>
  );
}
