import type { PagerDutyRead, PagerDutyWrite } from '../clients/pagerduty/port.ts';
import { pageName, waitingPages } from '../domain/incident/waiting-pages.ts';
import { acknowledge, pagerDutyCommand } from '../domain/run/commands/pagerduty-commands.ts';
import type { IncidentStore } from '../stores/stores.ts';
import type { Action, Applied } from './action.ts';
import { nothingToWrite, openPagerDuty } from './pagerduty-incidents.ts';
import { writeAs } from './pagerduty-requester.ts';
import { blankPlan } from './plan-parts.ts';

/** `pagerduty.acknowledge`: stops the escalation of the incident's PagerDuty incidents, in the name of whoever confirms. */
export function pagerDutyAcknowledge(deps: {
  read: PagerDutyRead;
  write: PagerDutyWrite;
  incidents: IncidentStore;
  /** PagerDuty user for people without an account there. */
  from: string;
}): Action {
  return {
    uses: 'pagerduty.acknowledge',
    // Done, it changes its own plan: only PagerDuty tells whether it was done.
    recovery: 'verifiable',
    async plan(context) {
      const found = await openPagerDuty(deps.incidents, context);
      const waiting = waitingPages(found);
      const everything = found.length > 0 && waiting.length === 0;
      const by = found.flatMap((one) => one.acknowledgedBy).join(', ');
      const plan = blankPlan(context, {
        kind: 'people',
        title: `Acknowledge ${waiting.map(pageName).join(', ') || 'the page'} in PagerDuty`,
        confirmLabel: 'Acknowledge',
        before: waiting.map((one) => ({ id: one.id, status: one.status })),
        after: waiting.map((one) => ({ id: one.id, status: 'acknowledged' })),
        diff: waiting.flatMap((one) => [
          { sign: '-' as const, text: `${pageName(one)} triggered: escalates further` },
          { sign: '+' as const, text: `${pageName(one)} acknowledged by you` },
        ]),
        effect: 'At once.',
        commands: waiting.map((one) => pagerDutyCommand(one, acknowledge)),
        refused:
          nothingToWrite(context, found) ?? (everything ? `Already acknowledged${by ? ` by ${by}` : ''}.` : null),
      });
      return { plan, capture: null };
    },
    async apply(context, move): Promise<Applied> {
      let from = context.actor?.email ?? deps.from;
      const ids = (move.plan.after as { id: string }[]).map((one) => one.id);
      for (const id of ids) {
        // Acknowledging twice would start the acknowledgement's timeout anew.
        const now = await deps.read.incident(id, context.signal).catch(() => null);
        if (now !== null && now.status !== 'triggered') continue;
        from = await writeAs(context.actor, deps.from, (as) => deps.write.acknowledge(id, as, context.signal));
      }
      return done({ acknowledged: ids.length, from });
    },
    async observe(context, move) {
      const ids = (move.plan.after as { id: string }[]).map((one) => one.id);
      const now = await Promise.all(ids.map((id) => deps.read.incident(id, context.signal)));
      const open = now.filter((one) => one.status === 'triggered').map(pageName);
      return open.length === 0
        ? { state: 'done', text: 'acknowledged', applied: done({ acknowledged: ids.length }) }
        : { state: 'not_done', text: `${open.join(', ')} is still triggered` };
    },
  };
}

const done = (evidence: Record<string, unknown>): Applied => ({ next: 'done', progress: null, evidence, outputs: {} });
