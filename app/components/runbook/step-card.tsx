import type { ReactNode } from 'react';
import type { StepDefinition } from '../../domain/runbook/runbook.ts';
import { burnText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import { duration } from '../ui/duration.ts';
import { windowText } from '../window-words.ts';
import { actionWords } from './action-words.ts';

/** A step as the file declares it: what a run of this page would plan here. Nothing acts from the text itself. `children` stand below it. */
export function StepCard({ step, run, children }: { step: StepDefinition; run: string | null; children?: ReactNode }) {
  return (
    <section className="panel panel-body grid gap-2" id={`step-${step.id}`} aria-label={`Step ${step.title}`}>
      <div className="step-title">
        <h3>{step.title}</h3>
        <span className="chip">{actionWords(step.uses)}</span>
      </div>
      <dl className="facts">
        {Object.entries(step.with).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
        {step.when && (
          <div>
            <dt>only when</dt>
            <dd className="mono">{step.when}</dd>
          </div>
        )}
        {step.require && (
          <div>
            <dt>requires</dt>
            <dd>
              {step.require.slo} burns over {burnText(step.require.burnOver)} over the last{' '}
              {windowText(step.require.window)}
            </dd>
          </div>
        )}
        {step.verify && (
          <div>
            <dt>verified</dt>
            <dd>
              when {step.verify.slo} burns under {burnText(step.verify.burnUnder)} over the last{' '}
              {windowText(step.verify.window)}, within {duration(step.verify.within)}
            </dd>
          </div>
        )}
        {step.expires !== null && (
          <div>
            <dt>leaves</dt>
            <dd>a follow-up due after {duration(step.expires)}</dd>
          </div>
        )}
      </dl>
      {children}
      {run && (
        <a className="link text-[13px]" href={paths.runStep(run, step.id)}>
          See this step in the open run
        </a>
      )}
    </section>
  );
}
