import type { Happened } from '../../domain/report/happened.ts';
import { md, mdParts, mdTable } from '../../domain/report/markdown.ts';
import type { BurnPoint } from '../../domain/slo/evaluation.ts';
import { burnText, countText, durationText, objectiveText, shareText } from '../../domain/slo/figures.ts';
import { spellOf } from '../../domain/slo/spell.ts';
import { spellTiles } from '../../domain/slo/spell-tiles.ts';
import { burnRate } from '../../domain/slo/windows.ts';
import type { ToldTimes } from './told-times.ts';

const minuteMs = 60_000;
/** Rows of the table, at most: longer stories are told in longer steps. */
const mostRows = 60;
const steps = [1, 5, 15, 30, 60, 180, 360, 720, 1440].map((minutes) => minutes * minuteMs);
const bars = [...'▁▂▃▄▅▆▇█'];

/** What it did to the SLO: counts, its cost in budget, and the burn over time as a line of bars and a table. */
export function burnPart(happened: Happened, times: ToldTimes): string {
  const { burn, incident } = happened;
  if (!burn) return '';
  const { slo, evaluation, points, from, to } = burn;
  const ended = incident?.resolvedAt ?? to;
  const began = incident?.startedAt ?? incident?.openedAt ?? from;
  const tiles =
    evaluation === null
      ? []
      : spellTiles(slo, spellOf(slo, points, { from: began, to: ended, at: evaluation.at, period: evaluation.period }));
  const facts = tiles.map(({ label, value, detail, to: until }) => [
    md(label),
    md([value, detail, until === undefined ? '' : times.full(until)].filter(Boolean).join(' ')),
  ]);
  const left = evaluation?.period.budgetRemaining ?? null;
  if (evaluation && left !== null)
    facts.push(['Budget left', md(`${shareText(left)} at ${times.full(evaluation.at)}`)]);
  const step = steps.find((ms) => (to - from) / ms <= mostRows) ?? steps.at(-1)!;
  const rows = stretches(points, from, to, step, slo.objective);
  const peak = Math.max(0, ...rows.map(({ burn: rate }) => rate ?? 0));
  const drawn = rows.map(({ burn: rate }) => bar(rate, peak)).join('');
  return mdParts(
    `## The burn of ${md(slo.title)}`,
    `Objective ${objectiveText(slo.objective)}; burn is the pace at which its error budget is spent, 1× spends all of it in the period.`,
    mdTable(['', ''], facts),
    `\`${drawn}\` from ${times.full(from)} to ${times.full(to)}, ${durationText(step)} a bar, the highest ${burnText(peak)}; · is no data.`,
    mdTable(
      ['From (UTC)', ...(times.zone ? [md(times.zone)] : []), 'Burn', 'Bad', 'Of', 'Meanwhile'],
      rows.map(({ at, burn: rate, bad, total }, index) => [
        times.utc(at, rows[index - 1]?.at ?? null).replace(/:\d\d$/, ''),
        ...(times.zone ? [times.local(at)] : []),
        rate === null ? 'no data' : burnText(rate),
        countText(bad),
        countText(total),
        marks(happened, at, at + step),
      ]),
    ),
  );
}

interface Stretch {
  at: number;
  bad: number;
  total: number;
  burn: number | null;
}

function stretches(points: readonly BurnPoint[], from: number, to: number, step: number, objective: number): Stretch[] {
  const rows: Stretch[] = [];
  for (let at = Math.floor(from / step) * step; at < to; at += step) {
    const within = points.filter((point) => point.at >= at && point.at < at + step);
    const bad = within.reduce((sum, point) => sum + point.bad, 0);
    const total = within.reduce((sum, point) => sum + point.total, 0);
    rows.push({ at, bad, total, burn: burnRate(bad, total, objective) });
  }
  return rows;
}

function bar(rate: number | null, peak: number): string {
  if (rate === null) return '·';
  return bars[peak === 0 ? 0 : Math.min(bars.length - 1, Math.floor((rate / peak) * bars.length))]!;
}

/** What people did, and what paged, between two moments. */
function marks({ incident, runs }: Happened, from: number, to: number): string {
  const within = (at: number | null | undefined) => at != null && at >= from && at < to;
  const said = [
    within(incident?.startedAt) && 'errors begin',
    within(incident?.pagedAt) && 'paged',
    within(incident?.resolvedAt) && 'resolved',
    ...runs.flatMap(({ run }) =>
      run.steps
        .filter(({ kind, effectAt }) => (kind === 'stop' || kind === 'forward') && within(effectAt))
        .map(({ plan, title }) => `in effect: ${plan?.title ?? title}`),
    ),
  ];
  return md(said.filter(Boolean).join('; '));
}
