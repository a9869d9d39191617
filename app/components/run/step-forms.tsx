import { Form } from '@remix-run/react';
import { type StepOffer, stepOffer } from '../../domain/run/offers.ts';
import type { Run, RunStep } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import { Problem } from '../ui/problem.tsx';
import type { RunViewer } from './viewer.ts';

/** What else may be done with a step: undo, plan again, skip with a reason, decide an unknown outcome. */
export function StepForms({ run, step, viewer }: { run: Run; step: RunStep; viewer: RunViewer }) {
  const offer = (name: StepOffer) => stepOffer(name, run, step, viewer.actor, viewer.mode);
  const undo = offer('undo');
  const replan = offer('replan');
  const retry = offer('retry');
  // A step that only waits for its turn is not offered for skipping: it has no plan to judge yet.
  const skip = step.state === 'pending' ? null : offer('skip');
  const resolve = offer('resolve');
  // Told also where nothing is left to do: of two who confirm at once, one finds the step running.
  const failed = viewer.failure?.stepId === step.id && step.state !== 'planned' ? viewer.failure : null;
  if (!failed && !undo && !replan && !retry && !skip && !resolve) return null;
  const urgent = step.result === 'worse' || step.verification?.outcome === 'worse' || step.state === 'failed';
  return (
    <div className="grid gap-3">
      {failed && <Problem>{failed.message}</Problem>}
      {resolve && <ResolveForm run={run} step={step} viewer={viewer} why={resolve.why} />}
      {(undo || retry) && (
        <div className="acts">
          {undo && (
            <StepForm run={run} step={step} viewer={viewer} intent="undo">
              <button type="submit" className={`btn ${urgent ? 'go' : 'quiet'}`} disabled={undo.why !== null}>
                Undo
              </button>
              <span className="why">{undo.why ?? step.plan?.undo ?? ''}</span>
            </StepForm>
          )}
          {retry && (
            <StepForm run={run} step={step} viewer={viewer} intent="resolve">
              <button type="submit" name="decision" value="retry" className="btn quiet" disabled={retry.why !== null}>
                Try again
              </button>
            </StepForm>
          )}
        </div>
      )}
      {skip && !skip.why && (
        <details className="fold">
          <summary>{replan ? 'Plan again, or skip this step' : 'Skip this step'}</summary>
          {replan && (
            <StepForm run={run} step={step} viewer={viewer} intent="replan">
              <button type="submit" className="btn quiet mt-2">
                Plan again
              </button>
              <span className="why">Reads the world once more; nothing changes.</span>
            </StepForm>
          )}
          <StepForm run={run} step={step} viewer={viewer} intent="skip">
            <label className="field flex-1">
              <span>Why is it skipped?</span>
              <input className="input" name="reason" required maxLength={500} />
            </label>
            <button type="submit" className="btn quiet self-end">
              Skip
            </button>
          </StepForm>
        </details>
      )}
    </div>
  );
}

const decisions = [
  { value: 'done', label: 'It is done' },
  { value: 'retry', label: 'Try again' },
  { value: 'abort', label: 'Give up' },
] as const;

function ResolveForm({ run, step, viewer, why }: { run: Run; step: RunStep; viewer: RunViewer; why: string | null }) {
  return (
    <StepForm run={run} step={step} viewer={viewer} intent="resolve">
      <p className="basis-full text-[13px]">
        Firebreak does not know whether the change took place. Look at the target, then decide.
      </p>
      {decisions.map((each) => (
        <button
          key={each.value}
          type="submit"
          name="decision"
          value={each.value}
          className="btn"
          disabled={why !== null}
        >
          {each.label}
        </button>
      ))}
      {why && <span className="why">{why}</span>}
    </StepForm>
  );
}

function StepForm({
  run,
  step,
  viewer,
  intent,
  children,
}: {
  run: Run;
  step: RunStep;
  viewer: RunViewer;
  intent: string;
  children: React.ReactNode;
}) {
  return (
    <Form method="post" action={paths.run(run.id)} className="acts" preventScrollReset>
      <input type="hidden" name="intent" value={intent} />
      <input type="hidden" name="step" value={step.id} />
      {viewer.from && <input type="hidden" name="from" value={viewer.from} />}
      {children}
    </Form>
  );
}
