import type { Run, RunStep } from './run.ts';

/** A run as programs read it: times ISO 8601 in UTC, names as in the documentation of the API. `link` makes a path an address. */
export function runJson(run: Run, link: (step: string | null) => string) {
  return {
    id: run.id,
    url: link(null),
    title: run.title,
    template: run.template,
    state: run.state,
    service: run.service,
    incident: run.incidentId,
    inputs: run.inputs,
    openedBy: run.openedBy,
    openedAt: iso(run.openedAt),
    endedAt: iso(run.endedAt),
    assignee: run.assignee?.email ?? null,
    steps: run.steps.map((step) => stepJson(step, link(step.id))),
  };
}

/** One step with the hashes that confirming and undoing are bound to. */
function stepJson(step: RunStep, url: string) {
  const { plan, verification: v } = step;
  return {
    id: step.id,
    url,
    title: step.title,
    uses: step.uses,
    kind: step.kind,
    state: step.state,
    result: step.result,
    reason: step.reason,
    hash: step.planHash,
    undoHash: step.undoHash,
    confirmedBy: step.confirmedBy,
    confirmedAt: iso(step.confirmedAt),
    effectAt: iso(step.effectAt),
    endedAt: iso(step.endedAt),
    outputs: step.outputs,
    plan: plan && {
      title: plan.title,
      target: plan.target,
      diff: plan.diff.map(({ sign, text }) => `${sign} ${text}`),
      preconditions: plan.preconditions,
      needsReason: plan.needsReason,
      expected: plan.expected,
      effect: plan.effect,
      undo: plan.undo,
      commands: plan.commands,
      refused: plan.refused,
      readAt: iso(plan.readAt),
    },
    verification: v && {
      slo: v.slo,
      window: v.window,
      burnUnder: v.burnUnder,
      burn: v.burn,
      bad: v.bad,
      total: v.total,
      coverage: v.coverage,
      outcome: v.outcome,
      lookedAt: iso(v.lookedAt),
      firstInformativeAt: iso(v.firstInformativeAt),
      deadline: iso(v.deadline),
      text: v.text,
    },
  };
}

function iso(at: number): string;
function iso(at: number | null): string | null;
function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
