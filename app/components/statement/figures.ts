import type { StatementRow } from './lines.ts';

/** A share of good events in per cent, with as many digits as its objective has and two more, rounded down: what is said was reached. */
export function sliText(sli: number | null, objective: number): string {
  if (sli === null) return 'no events';
  const digits = Math.min(6, (String(Number((objective * 100).toFixed(6))).split('.')[1]?.length ?? 0) + 2);
  const unit = 10 ** digits;
  return `${(Math.floor(sli * 100 * unit + 1e-6) / unit).toFixed(digits)} %`;
}

/** What came of a month, in a word; `tone` is the chip's. */
export function statementState({
  state,
  evaluated,
  budgetRemaining,
}: Pick<StatementRow, 'state' | 'evaluated' | 'budgetRemaining'>): {
  text: string;
  tone: 'ok' | 'bad' | 'warn' | 'plain';
} {
  if (!evaluated) return { text: 'not evaluated', tone: 'plain' };
  if (state === 'kept') return { text: 'kept', tone: 'ok' };
  if (state === 'missed') return { text: 'missed', tone: 'bad' };
  if (state === 'no-events') return { text: 'no events', tone: 'plain' };
  if (budgetRemaining === null) return { text: 'goes on, no events', tone: 'plain' };
  return budgetRemaining <= 0 ? { text: 'goes on, budget gone', tone: 'warn' } : { text: 'goes on', tone: 'plain' };
}

/** Share of a month's minutes that must be known before its outcome is said without a word on the rest. */
const measured = 0.99;

/** The same for whoever reads a page: unmeasured time is not uptime, so what is not known by far is not called kept. */
export function statementChip(
  row: Pick<StatementRow, 'state' | 'evaluated' | 'budgetRemaining' | 'coverage'>,
): ReturnType<typeof statementState> {
  const { text, tone } = statementState(row);
  const isSettled = row.state === 'kept' || row.state === 'missed';
  if (!row.evaluated || !isSettled || row.coverage >= measured) return { text, tone };
  return { text: `${text}, as far as measured`, tone: tone === 'ok' ? 'warn' : tone };
}
