import type { AuditEntry } from '../../domain/audit/audit.ts';
import type { Happened, RunRecord } from '../../domain/report/happened.ts';
import { md, mdLink, mdTable } from '../../domain/report/markdown.ts';
import { noteText } from '../../domain/run/note.ts';
import type { ToldTimes } from './told-times.ts';

interface Line {
  at: number;
  who: string;
  what: string;
}

/** What the incident's timeline says of a run already, in words of its own. */
const toldThere = new Set([
  ...['run.note', 'run.hand-over', 'target.take-over', 'step.done', 'step.moved', 'step.undone'],
  ...['step.by-hand', 'step.break-glass'],
]);

const words: Record<string, string> = {
  'run.opened': 'Opened the run',
  'run.cancelled': 'Cancelled the run',
  'run.note': 'Noted',
  'run.hand-over': 'Handed the run over',
  'target.take-over': 'Took the target over',
  'step.confirmed': 'Confirmed',
  'step.intent': 'Began',
  'step.undo.intent': 'Began to undo',
  'step.skip': 'Passed over',
  'step.undo': 'Asked to undo',
  'step.retry': 'Asked to plan again',
  'step.abort': 'Gave up',
  'step.done': 'Done',
  'step.moved': 'First move of',
  'step.undone': 'Undone',
};

/** An audit action in words: those known, else its own name as words. */
export function actionWords(action: string): string {
  const own = action.replace(/[.-]/g, ' ');
  return words[action] ?? `${own[0]?.toUpperCase() ?? ''}${own.slice(1)}`;
}

/** All that happened in order, as a table: the incident's timeline, and what its runs add to it. */
export function storyTable(happened: Happened, times: ToldTimes): string {
  const { incident, timeline, baseUrl } = happened;
  const lines: Line[] = timeline.map(({ at, text, actor, href }) => ({
    at,
    who: md(actor ?? ''),
    what: href ? mdLink(text, new URL(href, `${baseUrl}/`).href) : md(text),
  }));
  for (const record of happened.runs) lines.push(...runLines(record, incident !== null));
  lines.sort((a, b) => a.at - b.at);
  const rows = lines.map(({ at, who, what }, index) => [
    times.utc(at, lines[index - 1]?.at ?? null),
    ...(times.zone ? [times.local(at)] : []),
    who,
    what,
  ]);
  return mdTable(['UTC', ...(times.zone ? [md(times.zone)] : []), 'Who', 'What'], rows);
}

function runLines({ run, audit, notes }: RunRecord, withTimeline: boolean): Line[] {
  const said = withTimeline
    ? []
    : notes.map((note) => ({ at: note.at, who: md(note.by.name), what: md(noteText(note)) }));
  const done = audit
    .filter(
      ({ action }) =>
        !(withTimeline && toldThere.has(action)) && !(action === 'run.note' || action === 'run.hand-over'),
    )
    .map((entry) => ({ at: entry.at, who: md(entry.actor), what: auditText(entry, run) }));
  return [...said, ...done];
}

function auditText({ action, stepId, reason }: AuditEntry, run: RunRecord['run']): string {
  const step = run.steps.find(({ id }) => id === stepId);
  const about = step ? (step.plan?.title ?? step.title) : run.title;
  return `${md(actionWords(action))}: ${md(about)}${reason ? `. ${md(reason)}` : ''}`;
}
