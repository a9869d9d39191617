import type { PagerDutyRead, PagerDutyWrite } from '../clients/pagerduty/port.ts';
import { pageName } from '../domain/incident/waiting-pages.ts';
import { pagerDutyCommand, resolve } from '../domain/run/commands/pagerduty-commands.ts';
import type { IncidentStore, SloStore } from '../stores/stores.ts';
import type { Action, Applied } from './action.ts';
import { nothingToWrite, openPagerDuty } from './pagerduty-incidents.ts';
import { writeAs } from './pagerduty-requester.ts';
import { blankPlan } from './plan-parts.ts';

/** `pagerduty.resolve`: ends the incident's PagerDuty incidents, in the name of whoever confirms. What still burns is said first. */
export function pagerDutyResolve(deps: {
  read: PagerDutyRead;
  write: PagerDutyWrite;
  incidents: IncidentStore;
  slos: Pick<SloStore, 'state'>;
  /** PagerDuty user for people without an account there. */
  from: string;
}): Action {
  return {
    uses: 'pagerduty.resolve',
    // Done, it changes its own plan: only PagerDuty tells whether it was done.
    recovery: 'verifiable',
    async plan(context) {
      const found = await openPagerDuty(deps.incidents, context);
      const names = found.map(pageName).join(', ');
      const incident = context.run.incidentId === null ? null : await deps.incidents.get(context.run.incidentId);
      const burning = incident?.slo ? ((await deps.slos.state(incident.slo))?.tier ?? null) : null;
      const plan = blankPlan(context, {
        kind: 'people',
        title: `Resolve ${names || 'the page'} in PagerDuty`,
        confirmLabel: 'Resolve',
        before: found.map((one) => ({ id: one.id, status: one.status })),
        after: found.map((one) => ({ id: one.id, status: 'resolved' })),
        diff: found.map((one) => ({ sign: '+' as const, text: `${pageName(one)} resolved by you` })),
        preconditions: burning
          ? [{ state: 'fail', text: `${incident?.slo} has stopped burning. While it burns, it pages anew.` }]
          : [],
        effect: 'At once.',
        commands: found.map((one) => pagerDutyCommand(one, resolve)),
        refused: nothingToWrite(context, found),
      });
      return { plan, capture: null };
    },
    async apply(context, move) {
      let from = context.actor?.email ?? deps.from;
      const ids = (move.plan.after as { id: string }[]).map((one) => one.id);
      for (const id of ids) {
        // PagerDuty refuses to resolve what is resolved already.
        const now = await deps.read.incident(id, context.signal).catch(() => null);
        if (now?.status === 'resolved') continue;
        from = await writeAs(context.actor, deps.from, (as) => deps.write.resolve(id, as, context.signal));
      }
      return done({ resolved: ids.length, from });
    },
    async observe(context, move) {
      const ids = (move.plan.after as { id: string }[]).map((one) => one.id);
      const now = await Promise.all(ids.map((id) => deps.read.incident(id, context.signal)));
      const open = now.filter((one) => one.status !== 'resolved').map(pageName);
      return open.length === 0
        ? { state: 'done', text: 'resolved', applied: done({ resolved: ids.length }) }
        : { state: 'not_done', text: `${open.join(', ')} is still open` };
    },
  };
}

const done = (evidence: Record<string, unknown>): Applied => ({ next: 'done', progress: null, evidence, outputs: {} });
