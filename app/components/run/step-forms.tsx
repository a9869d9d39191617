import { type StepOffer, stepOffer } from '../../domain/run/offers.ts';
import { Problem } from '../ui/problem.tsx';
import { ResolveForm } from './resolve-form.tsx';
import { SkipForm } from './skip-form.tsx';
import { type StepContext, StepForm } from './step-form.tsx';
import { UndoForm } from './undo-form.tsx';

/** What else may be done with a step: undo, plan again, skip with a reason, decide an unknown outcome. */
export function StepForms(about: StepContext) {
  const { run, step, viewer } = about;
  const offer = (name: StepOffer) => stepOffer(name, run, step, viewer.actor, viewer.mode);
  const undo = offer('undo');
  // What failed is planned anew by a decision, what waits with its plan by a look: a person sees one and the same.
  const retry = offer('retry');
  const again = retry ?? offer('replan');
  // A step that only waits for its turn is not offered for skipping: it has no plan to judge yet.
  const skip = step.state === 'pending' ? null : offer('skip');
  const resolve = offer('resolve');
  // Told also where nothing is left to do: of two who confirm at once, one finds the step running.
  const failed = viewer.failure?.stepId === step.id && step.state !== 'planned' ? viewer.failure : null;
  if (!failed && !undo && !again && !skip && !resolve) return null;
  const harmed = step.result === 'worse' || step.verification?.outcome === 'worse' || step.state === 'failed';
  // Where somebody else has moved the target since, an undo overwrites that: no longer the one thing to do.
  const urgent = harmed && step.movedOn !== true;
  // One reason for several buttons is said at the first of them; confirming stands above.
  const told = new Set([offer('confirm')?.why]);
  const toldBy = (why: string | null) => told.has(why) || !told.add(why);
  return (
    <div className="grid gap-3">
      {failed && <Problem>{failed.message}</Problem>}
      {resolve && <ResolveForm {...about} why={resolve.why} />}
      {undo && <UndoForm {...about} why={undo.why} told={toldBy(undo.why)} urgent={urgent} />}
      {again && (
        <StepForm {...about} intent={retry ? 'resolve' : 'replan'}>
          {retry && <input type="hidden" name="decision" value="retry" />}
          <button type="submit" className="btn quiet" disabled={again.why !== null} title={again.why ?? undefined}>
            Plan again
          </button>
          <Why why={again.why} told={toldBy(again.why)} otherwise="Reads the world once more; nothing changes." />
        </StepForm>
      )}
      {skip && <SkipForm {...about} why={skip.why} told={toldBy(skip.why)} />}
    </div>
  );
}

function Why({ why, told, otherwise }: { why: string | null; told: boolean; otherwise: string }) {
  if (why !== null && told) return null;
  return <span className="why">{why ?? otherwise}</span>;
}
