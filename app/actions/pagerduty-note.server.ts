import type { PagerDutyWrite } from '../clients/pagerduty/port.ts';
import { pageName } from '../domain/incident/waiting-pages.ts';
import { note, pagerDutyCommand } from '../domain/run/commands/pagerduty-commands.ts';
import { doneLines } from '../domain/run/done-words.ts';
import type { IncidentStore, RunStore } from '../stores/stores.ts';
import type { Action, ActionContext, Applied, Move } from './action.ts';
import { notablePagerDuty, nothingToWrite } from './pagerduty-incidents.ts';
import { writeAs } from './pagerduty-requester.ts';
import { blankPlan, stepMark } from './plan-parts.ts';

interface Written {
  text: string;
  incidents: { id: string; name: string }[];
}

/**
 * `pagerduty.note`: one note on each of the incident's PagerDuty incidents: the runbook's sentence, and under it what the
 * run changed, a line each with where, by whom and what became of it. Notes have no key of their own, so each ends
 * with a mark of its step: after a crash the mark says which ones were written.
 */
export function pagerDutyNote(deps: {
  write: PagerDutyWrite;
  incidents: IncidentStore;
  runs: Pick<RunStore, 'get'>;
  from: string;
}): Action {
  return {
    uses: 'pagerduty.note',
    recovery: 'verifiable',
    async plan(context) {
      const found = await notablePagerDuty(deps.incidents, context);
      const done = doneLines((await deps.runs.get(context.run.id))?.steps ?? []);
      const text = [String(context.input.text), ...done.map((line) => `- ${line}`)].join('\n');
      const written: Written = { text, incidents: found.map((one) => ({ id: one.id, name: pageName(one) })) };
      const plan = blankPlan(context, {
        kind: 'people',
        title: `Write a note on ${found.map(pageName).join(', ') || 'the PagerDuty incident'}`,
        confirmLabel: 'Write the note',
        after: written,
        diff: [{ sign: '+', text }],
        effect: 'At once.',
        commands: found.map((one) => pagerDutyCommand(one, note(text))),
        refused: nothingToWrite(context, found),
      });
      return { plan, capture: null };
    },
    async apply(context, move): Promise<Applied> {
      const { text, incidents } = move.plan.after as Written;
      for (const { id } of incidents) {
        if (!(await isWritten(deps.write, id, context, move))) {
          await writeAs(context.actor, deps.from, (from) => {
            // Under our own user's name the note says who wrote it.
            const by = context.actor && from !== context.actor.email ? `\n\n${context.actor.name}` : '';
            return deps.write.addNote(id, `${text}${by}\n\n${stepMark(context, move)}`, from, context.signal);
          });
        }
      }
      return writtenOn(incidents);
    },
    async observe(context, move) {
      const { incidents } = move.plan.after as Written;
      const found = await Promise.all(incidents.map(({ id }) => isWritten(deps.write, id, context, move)));
      return found.every(Boolean)
        ? { state: 'done', text: 'the note is there', applied: writtenOn(incidents) }
        : { state: 'not_done', text: 'the note is not there' };
    },
  };
}

const writtenOn = (incidents: Written['incidents']): Applied => ({
  next: 'done',
  progress: null,
  evidence: { written: incidents.map(({ name }) => name).join(', ') },
  outputs: {},
});

async function isWritten(write: PagerDutyWrite, id: string, context: ActionContext, move: Move): Promise<boolean> {
  const notes = await write.notes(id, context.signal);
  return notes.some((note) => note.text.includes(stepMark(context, move)));
}
