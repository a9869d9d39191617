import type { Catalog } from '../catalog.ts';
import { provingSlo } from '../flag/proving-slo.ts';
import type { Plan } from './run.ts';

/** Built-in changes forward of a flag that a person asks for, by whatever door. */
const forwardOfFlags = ['template:flag.expose', 'template:flag.restore'];

/**
 * The SLO that judges a run of a built-in template that is opened now: the one that its inputs name; else, for a change forward of a
 * flag, that of the flag as its file stands, whether it is asked for now, was planned for later, or was asked of the owners. Null
 * where none does.
 */
export function judgingSlo(
  template: string,
  inputs: Record<string, string>,
  { flags, slos }: Pick<Catalog, 'flags' | 'slos'>,
  ownEnvironment: string,
): string | null {
  if (inputs.slo) return inputs.slo;
  if (!forwardOfFlags.includes(template)) return null;
  const declared = flags.find(({ name }) => name === inputs.flag) ?? null;
  const slo = provingSlo(declared, inputs.environment ?? '', ownEnvironment);
  return slos.some(({ id }) => id === slo) ? slo : null;
}

/** What is said beforehand of a change that waits to be opened as a run; null before a catalog was read. */
export function judgedAfter(
  template: string,
  inputs: Record<string, string>,
  catalog: Pick<Catalog, 'flags' | 'slos'> | null,
  ownEnvironment: string,
): string | null {
  if (!catalog) return null;
  const slo = judgingSlo(template, inputs, catalog, ownEnvironment);
  return slo === null ? 'No SLO judges it afterwards.' : `${slo} judges it afterwards.`;
}

/** What is said of a change forward that no SLO judges in its run; null where one does, and for everything else. */
export function unjudged(plan: Pick<Plan, 'action' | 'kind' | 'verify' | 'refused'> | null): string | null {
  if (plan?.kind !== 'forward' || plan.verify !== null || plan.refused !== null) return null;
  if (plan.action === 'flag.define') return 'by reading it back; no SLO is asked, as it gives the flag to nobody';
  return 'by no SLO, as none is named for it here: only a rollout that it is a step of judges what it does';
}
