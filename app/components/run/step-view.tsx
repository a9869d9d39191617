import { unjudged } from '../../domain/run/judged.ts';
import { isWaiting } from '../../domain/run/offers.ts';
import type { Run, RunStep } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Countdown, Time } from '../ui/time.tsx';
import { BreakGlassForm } from './break-glass-form.tsx';
import { ConfirmForm } from './confirm-form.tsx';
import { evidenceLines, isReceipt } from './evidence.ts';
import { GateView } from './gate-view.tsx';
import { HandForm } from './hand-form.tsx';
import { PlanView } from './plan-view.tsx';
import { Proof } from './proof.tsx';
import { ReceiptView } from './receipt-view.tsx';
import { StepForms } from './step-forms.tsx';
import { StepLines } from './step-lines.tsx';
import { resultWords, stateWords } from './step-state.ts';
import type { RunViewer } from './viewer.ts';

const ended = ['succeeded', 'skipped', 'undone'];
const stopped = ['failed', 'unknown'];

/** One step of a run: its plan before its button, then its receipt, its proof, and the way back. */
export function StepView({ run, step, viewer }: { run: Run; step: RunStep; viewer: RunViewer }) {
  const state = stateWords(step);
  const result = resultWords(step.result);
  const changes = step.kind === 'stop' || step.kind === 'forward';
  const current = step.state !== 'pending' && !ended.includes(step.state);
  return (
    <li className="step" id={`step-${step.id}`}>
      <StepMark step={step} current={current} />
      <div className="step-main">
        <div className="step-title">
          <h3>
            <a href={`#step-${step.id}`}>{changes ? (step.plan?.title ?? step.title) : step.title}</a>
          </h3>
          <Chip tone={state.tone}>{state.text}</Chip>
          {result && <Chip tone={result.tone}>{result.text}</Chip>}
          <CopyButton text={() => new URL(paths.runStep(run.id, step.id), location.href).href} label="Copy link" />
        </div>
        {step.reason && <p className="text-[13px]">{step.reason}</p>}
        {step.confirmedBy && step.confirmedAt !== null && (
          <p className="text-[13px] text-dim">
            {step.state === 'undone' ? 'Undo asked for' : 'Confirmed'} by {step.confirmedBy} at{' '}
            <Time at={step.confirmedAt} />
            {step.effectAt !== null && (
              <>
                , {step.state === 'undone' && 'the change was '}in effect at <Time at={step.effectAt} />
              </>
            )}
          </p>
        )}
        {step.plan && (step.state === 'planned' || step.state === 'awaiting-approval' || step.state === 'blocked') && (
          <PlanView plan={step.plan} hash={step.planHash} />
        )}
        {step.plan && (step.state === 'running' || step.state === 'verifying' || stopped.includes(step.state)) && (
          <details className="fold">
            <summary>The plan that was confirmed</summary>
            <div className="mt-2 grid gap-2.5">
              <PlanView plan={step.plan} hash={step.planHash} />
            </div>
          </details>
        )}
        {isReceipt(step.evidence) ? (
          <ReceiptView receipt={step.evidence} />
        ) : (
          <Operation evidence={step.evidence} waits={isWaiting(step)} />
        )}
        <StepLines
          lines={(viewer.lines ?? []).filter((line) => line.step === step.id)}
          running={step.state === 'running' || step.state === 'verifying'}
        />
        {/* On the incident's page the proof stands above, beside the chart. */}
        {step.verification && viewer.from !== 'incident' && (
          <Proof verification={step.verification} result={step.result} />
        )}
        {step.state === 'succeeded' && unjudged(step.plan) && (
          <p className="text-[13px] text-dim">Verified {unjudged(step.plan)}.</p>
        )}
        <GateView run={run} step={step} viewer={viewer} />
        <ConfirmForm run={run} step={step} viewer={viewer} />
        <StepForms run={run} step={step} viewer={viewer} />
        <HandForm run={run} step={step} viewer={viewer} />
        <BreakGlassForm run={run} step={step} viewer={viewer} />
      </div>
    </li>
  );
}

function StepMark({ step, current }: { step: RunStep; current: boolean }) {
  const look = stopped.includes(step.state) ? 'stop' : step.state === 'succeeded' ? 'done' : current ? 'now' : '';
  const sign = stopped.includes(step.state) ? '!' : step.state === 'succeeded' ? '✓' : `${step.index + 1}`;
  return (
    <span className={`step-mark ${look}`} aria-hidden="true">
      {sign}
    </span>
  );
}

function Operation({ evidence, waits }: { evidence: unknown; waits: boolean }) {
  const lines = evidenceLines(evidence);
  if (lines.length === 0) return null;
  return (
    <dl className="facts">
      {lines.map((line) => (
        <div key={line.name}>
          <dt>{line.name}</dt>
          <dd>
            {line.at === null ? (
              <Value text={line.value} />
            ) : (
              <>
                <Time at={line.at} />
                {waits && (
                  <>
                    , <Countdown to={line.at} over="now" />
                  </>
                )}
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ text }: { text: string }) {
  if (text.includes('\n')) return <span className="mono whitespace-pre-wrap break-words">{text}</span>;
  if (!/^https?:\/\/\S+$/.test(text)) return text;
  return (
    <a className="link" href={text} rel="noopener noreferrer nofollow">
      {text}
    </a>
  );
}
