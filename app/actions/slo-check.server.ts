import { AppError } from '../errors.ts';
import type { SloStore } from '../stores/stores.ts';
import type { Action } from './action.ts';
import { blankPlan } from './plan-parts.ts';
import { readBurn } from './slo-burn.server.ts';

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
      const read = await readBurn(slos, slo, input);
      if (!read) throw new AppError('unavailable', `${slo} has not been evaluated yet.`);
      const { burn, reading, holds } = read;
      const answer = holds === null ? 'unknown' : holds ? 'yes' : 'no';
      return { next: 'done', progress: null, evidence: { slo, reading, answer }, outputs: { burn, answer } };
    },
    async observe() {
      return { state: 'not_done', text: 'a reading leaves nothing behind' };
    },
  };
}
