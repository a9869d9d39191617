import type { PagerDutyRead, PagerDutyWrite } from '../clients/pagerduty/port.ts';
import { pageName } from '../domain/incident/waiting-pages.ts';
import { pagerDutyCommand, snooze as snoozeCommand } from '../domain/run/commands/pagerduty-commands.ts';
import { parseDuration } from '../domain/runbook/durations.ts';
import { durationText } from '../domain/slo/figures.ts';
import { snoozeCost } from '../domain/slo/snooze-cost.ts';
import type { IncidentStore, SloStore } from '../stores/stores.ts';
import type { Action, ActionContext } from './action.ts';
import { nothingToWrite, openPagerDuty } from './pagerduty-incidents.ts';
import { writeAs } from './pagerduty-requester.ts';
import { blankPlan } from './plan-parts.ts';

/** The burn that a snooze is reckoned with: what goes on, not the last minutes. */
const costWindow = '1h';

/**
 * `snooze`: keeps the incident's PagerDuty incidents quiet for a while, in the name of whoever confirms; then PagerDuty
 * pages again. Says what that costs in budget at the present burn. Output `next_look` is when it pages again, ms.
 */
export function snooze(deps: {
  read: PagerDutyRead;
  write: PagerDutyWrite;
  incidents: IncidentStore;
  slos: Pick<SloStore, 'state'>;
  /** PagerDuty user for people without an account there. */
  from: string;
}): Action {
  async function costOf(context: ActionContext, ms: number): Promise<string | null> {
    const incident = context.run.incidentId === null ? null : await deps.incidents.get(context.run.incidentId);
    const id = typeof context.input.slo === 'string' ? context.input.slo : (incident?.slo ?? null);
    const slo = context.catalog.slos.find((one) => one.id === id);
    if (!slo) return null;
    const state = await deps.slos.state(slo.id);
    return state && snoozeCost(slo.title, slo.period, state.evaluation.windows[costWindow], ms);
  }

  return {
    uses: 'snooze',
    recovery: 'idempotent',
    async plan(context) {
      const found = await openPagerDuty(deps.incidents, context);
      const ms = parseDuration(String(context.input.for)) ?? 0;
      const cost = await costOf(context, ms);
      const names = found.map(pageName).join(', ');
      const plan = blankPlan(context, {
        kind: 'people',
        title: `Snooze ${names || 'the page'} for ${durationText(ms)}`,
        confirmLabel: `Snooze for ${durationText(ms)}`,
        after: { ids: found.map(({ id }) => id), ms },
        diff: [
          { sign: '+', text: `${names} acknowledged and quiet for ${durationText(ms)}. Then PagerDuty pages again.` },
          { sign: ' ', text: cost ?? 'What it costs in budget is not known: no SLO burns here.' },
        ],
        effect: 'At once.',
        commands: found.map((one) => pagerDutyCommand(one, snoozeCommand(String(context.input.for)))),
        refused: nothingToWrite(context, found),
      });
      return { plan, capture: null };
    },
    async apply(context, move) {
      const { ids, ms } = move.plan.after as { ids: string[]; ms: number };
      for (const id of ids) {
        const now = await deps.read.incident(id, context.signal);
        if (now.status === 'resolved') continue;
        await writeAs(context.actor, deps.from, async (as) => {
          // Only what somebody has taken can be put off.
          if (now.status === 'triggered') await deps.write.acknowledge(id, as, context.signal);
          await deps.write.snooze(id, ms, as, context.signal);
        });
      }
      const nextLookAt = context.now() + ms;
      const cost = await costOf(context, ms);
      const evidence = { nextLookAt, ...(cost ? { cost } : {}) };
      return { next: 'done', progress: null, evidence, outputs: { next_look: nextLookAt } };
    },
    async observe() {
      return { state: 'unknown', text: 'PagerDuty pages again when the snooze is over' };
    },
  };
}
