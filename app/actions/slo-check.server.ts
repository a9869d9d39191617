import { windowBurnText } from '../domain/slo/figures.ts';
import type { WindowName } from '../domain/slo/slo.ts';
import { AppError } from '../errors.ts';
import type { SloStore } from '../stores/stores.ts';
import type { Action } from './action.ts';
import { blankPlan } from './plan-parts.ts';

/**
 * `slo.check`: the burn of an SLO as last evaluated. Outputs `burn` (number or null) and `answer`: `yes` when every bound
 * it names holds, `no` when one does not, `unknown` without data or with data that is not current.
 */
export function sloCheck(slos: SloStore): Action {
  return {
    uses: 'slo.check',
    recovery: 'idempotent',
    async plan(context) {
      const title = `Read the burn of ${context.input.slo}`;
      return { plan: blankPlan(context, { kind: 'read', title, confirmLabel: 'Read' }), capture: null };
    },
    async apply({ input }) {
      const slo = String(input.slo);
      const state = await slos.state(slo);
      if (!state) throw new AppError('unavailable', `${slo} has not been evaluated yet.`);
      const window = String(input.window ?? '5m') as WindowName;
      const found = state.evaluation.windows[window];
      const { burn } = found;
      const current = state.error === null && state.evaluation.condition === 'ok';
      const answer = burn === null || !current ? 'unknown' : holds(burn, input) ? 'yes' : 'no';
      const reading = `${windowBurnText(found)} over ${window}`;
      return { next: 'done', progress: null, evidence: { slo, reading, answer }, outputs: { burn, answer } };
    },
    async observe() {
      return { state: 'not_done', text: 'a reading leaves nothing behind' };
    },
  };
}

function holds(burn: number, input: Record<string, unknown>): boolean {
  const over = typeof input.burn_over !== 'number' || burn > input.burn_over;
  const under = typeof input.burn_under !== 'number' || burn < input.burn_under;
  return over && under;
}
