import type { ApprovalRule } from '../approval/rule.ts';
import type { Catalog } from '../catalog.ts';
import { isProtected } from '../flag/protection.ts';
import type { StepDefinition } from '../runbook/runbook.ts';
import type { GateRule, GateSubject } from './gate.ts';

/**
 * What a change touches, by the target of its plan: a flag in an environment, a service's traffic, or something of the run's
 * service in the console's own environment (`own`), which is always protected.
 */
export function gateSubject(
  target: string | null,
  service: string | null,
  catalog: Pick<Catalog, 'flags'> | null,
  own: string,
): GateSubject {
  const [, environment, flag] = /^flag\/([^/]+)\/(.+)$/.exec(target ?? '') ?? [];
  if (environment && flag) {
    const declared = catalog?.flags.find(({ name }) => name === flag);
    return {
      ...{ environment, flag, service: declared?.service ?? service },
      protected: isProtected(declared, environment, own),
    };
  }
  const traffic = /^traffic\/(.+)$/.exec(target ?? '')?.[1];
  return { environment: own, protected: true, flag: null, service: traffic ?? service };
}

/** Every rule about a change: its flag's in the environment, else its service's; its runbook's and its step's. All of them have to be met. */
export function gateRules(
  subject: GateSubject,
  run: { template: string; step: Pick<StepDefinition, 'id' | 'approvals'> | null },
  catalog: Pick<Catalog, 'flags' | 'services' | 'runbooks'> | null,
): GateRule[] {
  const flag = catalog?.flags.find(({ name }) => name === subject.flag);
  const inFlag = flag?.environments.find(({ name }) => name === subject.environment)?.approvals;
  const service = catalog?.services.find(({ id }) => id === subject.service);
  const runbook = catalog?.runbooks.find(({ slug }) => slug === run.template);
  // A run keeps its steps as it was opened with them; a file that asks for more by now is heard too.
  const now = runbook?.steps.find(({ id }) => id === run.step?.id)?.approvals;
  const found: [string, ApprovalRule | null | undefined][] = [
    [`flag ${subject.flag}`, inFlag],
    // A service's rule is about its traffic and what runs do to it; its flags have their own.
    [`service ${subject.service}`, subject.flag === null ? service?.approvals : null],
    [`runbook ${run.template}`, runbook?.approvals],
    [`step ${run.step?.id}`, run.step?.approvals],
    [`step ${run.step?.id}`, JSON.stringify(now) === JSON.stringify(run.step?.approvals) ? null : now],
  ];
  return found.flatMap(([of, rule]) => (rule ? [{ ...rule, of }] : []));
}
