import type { StatementMonth } from '../../domain/slo/statement-month.ts';
import { countedUnits } from '../../domain/slo/units.ts';
import { type CsvCell, csvText } from '../csv-text.ts';
import { statementState } from './figures.ts';
import type { StatementRow } from './lines.ts';

const columns: [string, (row: StatementRow, month: StatementMonth) => CsvCell][] = [
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
  ['counted', (row) => countedUnits(row)],
  ['indicator_changed', (row) => row.indicatorChangedAt && new Date(row.indicatorChangedAt).toISOString()],
];

/** The head of a statement's CSV (RFC 4180, UTF-8). */
export function csvHead(): string {
  return csvText(columns.map(([name]) => name));
}

/** One line of it: shares in per cent with six digits, times in UTC, nothing where there is no figure. */
export function csvLine(row: StatementRow, month: StatementMonth): string {
  return csvText(columns.map(([, of]) => of(row, month)));
}

function percent(share: number | null): number | null {
  return share === null ? null : share * 100;
}
