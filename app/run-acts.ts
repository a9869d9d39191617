import { offerPermission, type StepOffer } from './domain/run/offers.ts';
import type { Actor, Run } from './domain/run/run.ts';
import type { RunWish } from './domain/run/wishes.ts';
import type { RequestContext } from './load-context.ts';
import { paths } from './paths.ts';

/** Carries out what somebody wishes of a run, by form or by API: the same methods of the stores, which judge it once more. */
export async function carryOut(context: RequestContext, runId: string, wish: RunWish, actor: Actor): Promise<void> {
  const { runs, runRecords } = context.stores;
  switch (wish.intent) {
    case 'confirm':
      return runs.confirm({
        runId,
        stepId: wish.step,
        hash: wish.hash,
        reason: wish.reason || null,
        acknowledged: wish.acknowledged === 'yes',
        acknowledgePage: wish.acknowledgePage === 'yes',
        outcome: wish.outcome || null,
        actor,
        address: context.address,
      });
    case 'replan':
      await runs.replan(runId, wish.step);
      await runs.waitForPlan(runId, wish.step, 2_000);
      return;
    case 'approve':
      return runs.approve({ ...atGate(context, runId, wish), actor });
    case 'reject':
      return runs.reject({ ...atGate(context, runId, wish), reason: wish.reason, actor });
    case 'withdraw':
      return runs.withdraw({ ...atGate(context, runId, wish), actor });
    case 'break-glass': {
      const given = { reason: wish.reason, acknowledged: wish.acknowledged === 'yes' };
      return runs.breakGlass({ ...atGate(context, runId, wish), ...given, actor });
    }
    case 'skip':
      return runs.skip({ runId, stepId: wish.step, reason: wish.reason, actor });
    case 'undo':
      return runs.undo({ runId, stepId: wish.step, hash: wish.hash, reason: wish.reason || null, actor });
    case 'resolve':
      return runs.resolveUnknown({ runId, stepId: wish.step, decision: wish.decision, actor });
    case 'by-hand':
      return runs.byHand({ runId, stepId: wish.step, seen: wish.seen, actor, address: context.address });
    case 'take-over':
      return runs.takeOver({ runId, stepId: wish.step, reason: wish.reason, actor });
    case 'cancel':
      return runs.cancel({ runId, reason: wish.reason, actor });
    case 'note':
      return runRecords.note({ runId, stepId: null, text: wish.text, href: paths.run(runId), actor });
    case 'take':
    case 'hand-over': {
      const [to, reason] = wish.intent === 'take' ? [actor.email, 'I have it now.'] : [wish.to, wish.reason];
      const href = paths.run(runId);
      const link = `${context.deployment.baseUrl}${href}`;
      return runRecords.handOver({ runId, to, from: wish.had || null, reason, href, link, actor });
    }
  }
}

/** The plan that a decision at a gate is about, and from where it came. */
function atGate({ address }: RequestContext, runId: string, { step, hash }: { step: string; hash: string }) {
  return { runId, stepId: step, hash, address };
}

/** The permission that a wish asks for; a form that makes no sense asks for what the least may do. */
export function permissionOf(run: Run, wish: RunWish | undefined) {
  if (!wish || wish.intent === 'cancel') return 'run.open' as const;
  if (!('step' in wish)) return 'run.people' as const;
  if (wish.intent === 'break-glass') return 'run.break-glass' as const;
  // Whom a rule names may approve whatever their role is: the store asks the rule itself.
  if (wish.intent === 'approve' || wish.intent === 'reject' || wish.intent === 'withdraw') return 'run.open' as const;
  const step = run.steps.find((each) => each.id === wish.step);
  // What takes over is a confirmed step that waits, and what was done by hand would have been confirmed: whoever may confirm it may do that.
  const asConfirming = wish.intent === 'take-over' || wish.intent === 'by-hand';
  const offer: StepOffer = asConfirming ? 'confirm' : wish.intent;
  return offerPermission(offer, step?.plan?.kind ?? step?.kind ?? 'stop');
}
