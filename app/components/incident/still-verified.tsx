import { actingSteps } from '../../domain/incident/main-place.ts';
import type { Run } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import { Time } from '../ui/time.tsx';

/** Said of an incident that is over: whose verification still runs, and until when. An end of the page is not yet a proof. */
export function StillVerified({ runs }: { runs: Run[] }) {
  return actingSteps(runs)
    .filter(({ step }) => step.state === 'verifying')
    .map(({ run, step }) => (
      <p key={`${run.id}${step.id}`} className="say-sub">
        Not yet proven: the verification of{' '}
        <a className="link" href={paths.runStep(run.id, step.id)}>
          {step.plan?.title ?? step.title}
        </a>{' '}
        still runs
        {step.verification && (
          <>
            {' '}
            until <Time at={step.verification.deadline} /> at the latest
          </>
        )}
        .
      </p>
    ));
}
