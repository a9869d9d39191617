import type { PagerDutyRead, PagerDutyWrite } from '../clients/pagerduty/port.ts';
import type { OnCall, PagerDutyIncident } from '../domain/incident/incident.ts';
import { pageName } from '../domain/incident/waiting-pages.ts';
import { escalate, pagerDutyCommand } from '../domain/run/commands/pagerduty-commands.ts';
import { OutsideError } from '../platform/outside-error.ts';
import type { IncidentStore } from '../stores/stores.ts';
import type { Action, ActionContext, Applied } from './action.ts';
import { nothingToWrite, openPagerDuty } from './pagerduty-incidents.ts';
import { writeAs } from './pagerduty-requester.ts';
import { blankPlan } from './plan-parts.ts';

/** Who of an incident's policy is paged, as the plan's hash covers it. */
interface Escalated {
  id: string;
  level: number;
  people: string[];
}

/** `pagerduty.escalate`: pages the next level at once, in the name of whoever confirms. After a crash it looks who is assigned before it pages anybody again. */
export function pagerDutyEscalate(deps: {
  read: PagerDutyRead;
  write: PagerDutyWrite;
  incidents: IncidentStore;
  /** PagerDuty user for people without an account there. */
  from: string;
}): Action {
  /** The level to page, null where the policy has none; `on` is the level that has it now. */
  async function levelOf(context: ActionContext, incident: PagerDutyIncident) {
    const onCall: OnCall[] = incident.service ? await deps.read.onCalls(incident.service.id, context.signal) : [];
    const on = Math.max(
      0,
      ...onCall.filter(({ person }) => incident.assignees.includes(person)).map((one) => one.level),
    );
    const asked = context.input.level;
    const level = typeof asked === 'number' ? asked : on + 1;
    const people = onCall.filter((one) => one.level === level).map(({ person }) => person);
    return { on, level: people.length > 0 ? level : null, people };
  }

  /** Keys of escalations that PagerDuty took whole in this process: who does not have it then was not paged. */
  const taken = new Set<string>();

  const done = (after: Escalated[]): Applied => ({
    next: 'done',
    progress: null,
    evidence: { paged: [...new Set(after.flatMap((one) => one.people))].join(', ') },
    outputs: {},
  });

  return {
    uses: 'pagerduty.escalate',
    recovery: 'verifiable',
    async plan(context) {
      const found = await openPagerDuty(deps.incidents, context);
      const levels = await Promise.all(found.map(async (one) => ({ one, ...(await levelOf(context, one)) })));
      const after: Escalated[] = levels.flatMap(({ one, level, people }) =>
        level === null ? [] : [{ id: one.id, level, people }],
      );
      const nobody = found.length > 0 && after.length === 0 ? 'Nobody is on call above who has it already.' : null;
      const plan = blankPlan(context, {
        kind: 'people',
        title: `Escalate ${found.map(pageName).join(', ') || 'the page'} in PagerDuty`,
        confirmLabel: 'Escalate',
        after,
        diff: levels.flatMap(({ one, on, level, people }) => [
          {
            sign: '-' as const,
            text: `${pageName(one)} is with ${one.assignees.join(', ') || 'nobody'} (level ${on})`,
          },
          ...(level === null ? [] : [{ sign: '+' as const, text: `pages ${people.join(', ')} (level ${level})` }]),
        ]),
        effect: 'At once, at any hour.',
        commands: levels.flatMap(({ one, level }) => (level === null ? [] : [pagerDutyCommand(one, escalate(level))])),
        refused: nothingToWrite(context, found) ?? nobody,
      });
      return { plan, capture: null };
    },
    async apply(context, move) {
      const after = move.plan.after as Escalated[];
      for (const [index, { id, level }] of after.entries()) {
        await writeAs(context.actor, deps.from, (as) => deps.write.escalate(id, level, as, context.signal)).catch(
          (error: unknown) => Promise.reject(index === 0 ? error : halfWay(error, after.slice(0, index))),
        );
      }
      taken.add(move.key);
      return done(after);
    },
    async observe(context, move) {
      const after = move.plan.after as Escalated[];
      const now = await Promise.all(after.map(({ id }) => deps.read.incident(id, context.signal)));
      const missing = after.filter(({ people }, index) => !people.some((one) => now[index]!.assignees.includes(one)));
      if (missing.length === 0) return { state: 'done', text: 'the next level has it', applied: done(after) };
      const without = `${missing.flatMap((one) => one.people).join(', ')} does not have it`;
      if (missing.length === after.length || taken.has(move.key)) return { state: 'not_done', text: without };
      // Paging all of them again would wake the next level of those that have it.
      const words = after.map((one, index) => {
        const has = missing.includes(one) ? 'is not with' : 'is with';
        return `${pageName(now[index]!)} ${has} ${one.people.join(', ')}`;
      });
      return { state: 'unknown', text: words.join('; ') };
    },
  };
}

/** A failure after some were paged already. It is no clear no, whatever PagerDuty answered: people were woken. */
function halfWay(error: unknown, paged: Escalated[]): OutsideError {
  const people = [...new Set(paged.flatMap((one) => one.people))].join(', ');
  const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  const message = `${why}. Paged already: ${people}, for ${paged.map(({ id }) => id).join(', ')}.`;
  return new OutsideError('PagerDuty', 'garbage', message, { cause: error });
}
