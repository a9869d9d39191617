import type { Happened, RunRecord } from '../../domain/report/happened.ts';
import { md, mdCode, mdLink, mdParts, mdTable } from '../../domain/report/markdown.ts';
import { doneLines } from '../../domain/run/done-words.ts';
import { durationText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import { runStates } from '../run/run-state.ts';
import { burnPart } from './burn-part.ts';
import { stepPart } from './step-part.ts';
import { storyTable } from './story.ts';
import { toldOutside } from './told-outside.ts';
import { type ToldTimes, toldTimes } from './told-times.ts';

/**
 * The story of an incident, or of a run, as Markdown for a postmortem: what was measured, decided, done and proven, each with
 * its time and its author. The same facts always give the same text; no text of a person or a system changes its form.
 */
export function whatHappened(happened: Happened): string {
  const times = toldTimes(happened.zone);
  const { incident, runs } = happened;
  const title = incident?.title ?? runs[0]?.run.title ?? '';
  const done = runs.flatMap(({ run }) => doneLines(run.steps));
  return `${mdParts(
    `# What happened: ${md(title)}`,
    `${md(happened.organisation || 'Firebreak')}, as known at ${times.full(happened.now)}. Written by Firebreak from what was recorded; what is not recorded is not here.`,
    headTable(happened, times),
    '## In short',
    done.length > 0 ? done.map((line) => `- ${md(line)}`).join('\n') : 'Nothing was changed by a run.',
    burnPart(happened, times),
    '## Timeline',
    storyTable(happened, times) || 'Nothing was recorded.',
    toldOutside(happened, times),
    runs.length > 0 && '## What was done',
    ...runs.map((record) => runPart(record, happened.baseUrl, times)),
    followUpsPart(happened, times),
  )}\n`;
}

function headTable({ incident, runs, baseUrl, now }: Happened, times: ToldTimes): string {
  const at = (moment: number | null) => (moment === null ? 'not known' : times.full(moment));
  if (!incident) return '';
  const began = incident.startedAt ?? incident.openedAt;
  const lasted = durationText((incident.resolvedAt ?? now) - began);
  return mdTable(
    ['', ''],
    [
      ['Incident', mdLink(incident.id, `${baseUrl}${paths.incident(incident.id)}`)],
      ['State', incident.status === 'open' ? `open, for ${lasted} so far` : `resolved, lasted ${lasted}`],
      ['Kind', md([incident.level, incident.tier].filter(Boolean).join(', '))],
      ['Service', md([incident.service ?? 'not in the catalog', ...incident.children].join(', '))],
      ['Errors began', at(incident.startedAt)],
      ['Opened', at(incident.openedAt)],
      ['Paged', incident.pagedAt === null ? 'nobody was paged' : at(incident.pagedAt)],
      ['Resolved', incident.resolvedAt === null ? 'not yet' : at(incident.resolvedAt)],
      ['Runbook', incident.runbook ? mdLink(incident.runbook, `${baseUrl}${paths.runbook(incident.runbook)}`) : 'none'],
      ['Runs', runs.map(({ run }) => mdLink(run.title, `${baseUrl}${paths.run(run.id)}`)).join(', ') || 'none'],
    ],
  );
}

function runPart(record: RunRecord, baseUrl: string, times: ToldTimes): string {
  const { run } = record;
  const inputs = Object.entries(run.inputs).map(([name, value]) => `${md(name)} ${mdCode(value)}`);
  return mdParts(
    `### ${md(run.title)}`,
    [
      `- ${mdLink('Run', `${baseUrl}${paths.run(run.id)}`)}, ${runStates[run.state].text}, from ${mdCode(run.template)} (SHA-256 ${mdCode(run.digest.slice(0, 12))})`,
      `- Opened ${times.full(run.openedAt)} by ${md(run.openedBy)}${run.endedAt === null ? '' : `, ended ${times.full(run.endedAt)}`}`,
      ...(inputs.length > 0 ? [`- With ${inputs.join(', ')}`] : []),
      ...(run.assignee ? [`- Last in the hands of ${md(run.assignee.name)}`] : []),
    ].join('\n'),
    ...run.steps.map((step) => stepPart(record, step, baseUrl, times)),
  );
}

function followUpsPart({ followUps, baseUrl }: Happened, times: ToldTimes): string {
  return mdParts(
    '## Left behind',
    followUps.length === 0
      ? 'Nothing is left behind.'
      : mdTable(
          ['What', 'Owner', 'Due', 'State'],
          followUps.map((each) => [
            mdLink(each.title, `${baseUrl}${paths.followUp(each.id)}`),
            md(each.owner ?? 'nobody'),
            each.dueAt === null ? 'no date' : times.full(each.dueAt),
            each.clearedAt === null
              ? 'open'
              : `cleared ${times.full(each.clearedAt)} by ${md(each.clearedBy ?? 'nobody known')}`,
          ]),
        ),
  );
}
