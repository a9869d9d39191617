import type { Precondition } from '../domain/run/run.ts';
import type { SloStore } from '../stores/stores.ts';
import type { ActionContext } from './action.ts';

/** Whether the SLOs that a flag may burn are calm now, one precondition each. */
export async function calm(slos: SloStore, context: ActionContext, flag: string): Promise<Precondition[]> {
  const declared = context.catalog.flags.find((one) => one.name === flag);
  const states = await Promise.all((declared?.slos ?? []).map((slo) => slos.state(slo)));
  return (declared?.slos ?? []).map((slo, index): Precondition => {
    const state = states[index];
    if (!state || state.error !== null || state.evaluation.condition === 'stale') {
      return { state: 'unknown', text: `How ${slo} burns is not known now.` };
    }
    return state.tier === null
      ? { state: 'pass', text: `${slo} is calm.` }
      : { state: 'fail', text: `${slo} still burns its budget too fast.` };
  });
}
