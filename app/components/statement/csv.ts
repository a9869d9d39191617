import type { StatementMonth } from '../../domain/slo/statement-month.ts';
import { statementState } from './figures.ts';
import type { StatementRow } from './lines.ts';

type Cell = string | number | null;

const columns: [string, (row: StatementRow, month: StatementMonth) => Cell][] = [
  ['month', (_, month) => month.name],
  ['time_zone', (_, month) => month.timeZone],
  ['slo', (row) => row.id],
  ['title', (row) => row.title],
  ['service', (row) => row.service],
  ['team', (row) => row.team],
  ['objective_percent', (row) => percent(row.objective)],
  ['from', (row) => new Date(row.from).toISOString()],
  ['to', (row) => new Date(row.to).toISOString()],
  ['state', (row) => statementState(row).text],
  ['events', (row) => row.total],
  ['bad_events', (row) => row.bad],
  ['sli_percent', (row) => percent(row.sli)],
  ['budget_events', (row) => row.allowed],
  ['budget_left_percent', (row) => percent(row.budgetRemaining)],
  ['budget_left_so_far_percent', (row) => percent(row.budgetSoFar)],
  ['coverage_percent', (row) => percent(row.coverage)],
  ['unknown_minutes', (row) => row.unknownMinutes],
  ['incidents', (row) => row.incidents],
  ['incident_minutes', (row) => Math.round(row.incidentMs / 60_000)],
  ['corrections', (row) => row.corrected?.count ?? 0],
  ['corrected_events', (row) => row.corrected?.total ?? null],
  ['corrected_bad_events', (row) => row.corrected?.bad ?? null],
  ['corrected_sli_percent', (row) => percent(row.corrected?.sli ?? null)],
  ['corrected_budget_left_percent', (row) => percent(row.corrected?.budgetRemaining ?? null)],
  ['corrected_budget_left_so_far_percent', (row) => percent(row.corrected?.budgetSoFar ?? null)],
];

/** The head of a statement's CSV (RFC 4180, UTF-8). */
export function csvHead(): string {
  return `${columns.map(([name]) => name).join(',')}\r\n`;
}

/** One line of it: shares in per cent with six digits, times in UTC, nothing where there is no figure. */
export function csvLine(row: StatementRow, month: StatementMonth): string {
  return `${columns.map(([, of]) => cell(of(row, month))).join(',')}\r\n`;
}

/** Text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(Number(value.toFixed(6)));
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function percent(share: number | null): number | null {
  return share === null ? null : share * 100;
}
