import type { Precondition } from '../../domain/run/run.ts';
import type { Requirement } from '../../domain/runbook/runbook.ts';
import { burnText } from '../../domain/slo/figures.ts';
import type { WindowName } from '../../domain/slo/slo.ts';
import type { SloState } from '../../stores/stores.ts';

/** A step's `require` against the SLO's last evaluation. Missing or stale data is unknown, never a pass. */
export function checkRequirement(requirement: Requirement, state: SloState | null): Precondition {
  const { slo, window, burnOver } = requirement;
  const asked = `over ${burnText(burnOver)}`;
  if (!state)
    return { state: 'unknown', text: `${slo} has not been evaluated yet; this step is meant for a burn ${asked}.` };
  const found = state.evaluation.windows[window as WindowName];
  if (state.evaluation.condition === 'stale' || state.error !== null) {
    return {
      state: 'unknown',
      text: `The burn of ${slo} is not known now: ${state.error ?? 'its source does not answer'}.`,
    };
  }
  if (!found || found.burn === null) {
    const why = (state.evaluation.reason ?? 'no data').replace(/\.$/, '');
    return { state: 'unknown', text: `${slo} has no burn over ${window}: ${why}.` };
  }
  const is = `${slo} burns ${burnText(found.burn)} over ${window}`;
  return found.burn > burnOver
    ? { state: 'pass', text: `${is}, ${asked}.` }
    : { state: 'fail', text: `${is}, not ${asked}.` };
}
