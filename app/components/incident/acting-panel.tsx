import { actingSteps, type StepOfRun } from '../../domain/incident/main-place.ts';
import { paths } from '../../paths.ts';
import { isReceipt } from '../run/evidence.ts';
import { Proof } from '../run/proof.tsx';
import { resultWords, stateWords } from '../run/step-state.ts';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { embeddedRun } from './embedded-run.ts';
import type { IncidentView } from './view.ts';

/** Changes under way or just verified: who did what, and what proves it. */
export function ActingPanel({ view }: { view: IncidentView }) {
  const acting = actingSteps(view.runs);
  const steps = [...acting, ...finished(view)];
  const held = view.runs.filter(({ state, assignee }) => assignee && (state === 'open' || state === 'prepared'));
  if (steps.length === 0 && held.length === 0) return null;
  const here = embeddedRun(view)?.id;
  return (
    <Panel title={acting.length > 0 || held.length > 0 ? 'What is being done' : 'What was done'}>
      {held.map((run) => (
        <p key={run.id} className="panel-note">
          {run.assignee?.email === view.actor.email ? 'You have ' : `${run.assignee?.name} has `}
          <a className="link" href={paths.run(run.id)}>
            {run.title}
          </a>{' '}
          now.
        </p>
      ))}
      {steps.map(({ run, step }) => {
        const state = stateWords(step);
        const result = resultWords(step.result);
        const end = isReceipt(step.evidence) ? step.evidence.end : null;
        return (
          <div key={`${run.id}${step.id}`} className="panel-note grid gap-2 !text-ink">
            <div className="step-title">
              <a
                className="row-title hover:underline"
                href={run.id === here ? `#step-${step.id}` : paths.runStep(run.id, step.id)}
              >
                {step.plan?.title ?? step.title}
              </a>
              <Chip tone={state.tone}>{state.text}</Chip>
              {end && <Chip tone={end === 'confirmed' ? 'ok' : 'warn'}>receipt {end}</Chip>}
              {result && <Chip tone={result.tone}>{result.text}</Chip>}
              {step.confirmedBy && <span className="text-dim">by {step.confirmedBy}</span>}
            </div>
            {step.reason && <p className="text-dim">{step.reason}</p>}
            {step.verification && <Proof verification={step.verification} result={step.result} />}
          </div>
        );
      })}
    </Panel>
  );
}

function finished(view: IncidentView): StepOfRun[] {
  return view.runs
    .flatMap((run) => run.steps.map((step) => ({ run, step })))
    .filter(({ step }) => step.state === 'succeeded' && (step.kind === 'stop' || step.kind === 'forward'));
}
