import { parse } from 'yaml';
import { planProblems, revisionProblems, rolloutPlan, rolloutSchema } from './declaration.ts';
import type { RolloutPlan } from './plan.ts';

/** A revision's plan that stands as YAML inside another document, as annotations carry it; null when it cannot be one, which is told. */
export function readRolloutText(text: string, fail: (message: string, hint?: string) => void): RolloutPlan | null {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    fail(`The rollout plan is no YAML: ${(error as Error).message.split('\n')[0]}`);
    return null;
  }
  const read = rolloutSchema.safeParse(value);
  if (!read.success) {
    for (const { path, message } of read.error.issues) fail(`rollout: ${path.join('.') || 'the plan'}: ${message}`);
    return null;
  }
  const plan = rolloutPlan(read.data);
  const wrong = [...planProblems(plan), ...revisionProblems(plan)];
  for (const { path, message, hint } of wrong) fail(`rollout: ${path.join('.')}: ${message}`, hint ?? undefined);
  return wrong.length > 0 ? null : plan;
}
