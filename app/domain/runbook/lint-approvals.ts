import { ruleDoubts } from '../approval/rule.ts';
import { actionFacts } from './actions.ts';
import type { Place, Runbook, StepDefinition } from './runbook.ts';

/** What is odd about who approves a runbook and its steps, each at its place. A stop is never gated: asking there asks nobody. */
export function approvalDoubts(
  runbook: Pick<Runbook, 'approvals' | 'places' | 'steps'>,
): { place: Place; message: string; hint: string }[] {
  const forward = (step: StepDefinition) => actionFacts(step.uses)?.kind(step.with) === 'forward';
  const top = runbook.approvals;
  const place = runbook.places?.approvals ?? { line: 1, column: 1 };
  const doubts = top ? ruleDoubts(top).map((doubt) => ({ place, ...doubt })) : [];
  if (top && !runbook.steps.some(forward)) {
    const message = 'No step of this runbook is a change forward: nobody is ever asked.';
    doubts.push({ place, message, hint: 'Take approvals out: stops are never gated.' });
  }
  for (const step of runbook.steps) {
    if (!step.approvals) continue;
    const at = step.places?.approvals ?? step;
    doubts.push(...ruleDoubts(step.approvals).map((doubt) => ({ place: at, ...doubt })));
    if (forward(step)) continue;
    const message = `The step "${step.id}" is no change forward: nobody is asked for it.`;
    doubts.push({ place: at, message, hint: 'Take approvals out: stops, reads and people are never gated.' });
  }
  return doubts;
}
