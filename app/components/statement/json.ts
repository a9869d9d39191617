import type { StatementMonth } from '../../domain/slo/statement-month.ts';
import { countedUnits } from '../../domain/slo/units.ts';
import type { StatementRow } from './lines.ts';

/**
 * A month's statement as JSON, with the figures of its page and its CSV: shares from 0 to 1 and unrounded, counts in what is `counted`,
 * times in UTC, null where there is no figure. `goesOn`: the month is not over.
 */
export function statementJson(
  organisation: string,
  month: StatementMonth,
  goesOn: boolean,
  rows: readonly StatementRow[],
) {
  return {
    apiVersion: 'firebreak/v1',
    kind: 'Statement',
    organisation,
    month: month.name,
    timeZone: month.timeZone,
    from: utc(month.from),
    to: utc(month.to),
    goesOn,
    slos: rows.map(line),
  };
}

function line({ corrected, ...row }: StatementRow) {
  return {
    slo: row.id,
    title: row.title,
    service: row.service,
    team: row.team,
    objective: row.objective,
    from: utc(row.from),
    to: utc(row.to),
    state: row.evaluated ? row.state : 'not-evaluated',
    counted: countedUnits(row),
    indicatorChangedAt: row.indicatorChangedAt && utc(row.indicatorChangedAt),
    ...figures(row),
    budgetEvents: row.allowed,
    coverage: row.coverage,
    unknownMinutes: row.unknownMinutes,
    incidents: row.incidents,
    incidentMinutes: Math.round(row.incidentMs / 60_000),
    corrected: corrected && { corrections: corrected.count, state: corrected.state, ...figures(corrected) },
  };
}

function figures(of: Pick<StatementRow, 'bad' | 'total' | 'sli' | 'budgetRemaining' | 'budgetSoFar'>) {
  const { bad, total, sli, budgetRemaining, budgetSoFar } = of;
  return { events: total, badEvents: bad, sli, budgetRemaining, budgetSoFar };
}

function utc(at: number): string {
  return new Date(at).toISOString();
}
