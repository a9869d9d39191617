import type { Catalog } from '../../domain/catalog.ts';
import { type BudgetCorrection, correctedSums, isOfIndicator } from '../../domain/slo/corrections.ts';
import type { Sums } from '../../domain/slo/series.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { type StatementLine, type StretchCounts, statementLine, stretchSums } from '../../domain/slo/statement.ts';
import type { StatementMonth } from '../../domain/slo/statement-month.ts';
import type { StatementWish } from './wish.ts';

/** A line with what it is about. */
export interface StatementRow extends StatementLine, Pick<Slo, 'budgeting'> {
  id: string;
  title: string;
  service: string;
  team: string | null;
  objective: number;
  /** False where the SLO was never evaluated. */
  evaluated: boolean;
  /** When (ms) its indicator changed, so that it was counted anew; null: not since the month began. */
  indicatorChangedAt: number | null;
  incidents: number;
  incidentMs: number;
  /** How many corrections its month has, and the line with them; null without any. */
  corrected: CorrectedLine | null;
}

/** A line's figures with the corrections of its month, and how many those are. */
export type CorrectedLine = Pick<
  StatementLine,
  'state' | 'bad' | 'total' | 'sli' | 'budgetRemaining' | 'budgetSoFar'
> & { count: number };

/** An SLO with the team of its service. */
export type OwnedSlo = Pick<Slo, 'id' | 'title' | 'service' | 'objective' | 'budgeting'> & { team: string | null };

/** What of the statement a row is read from. */
interface StatementReads {
  states(): Promise<readonly { slo: string; at: number }[]>;
  stretches(wanted: { slo: string; from: number; to: number }[]): Promise<Map<string, StretchCounts>>;
  indicatorChanges(slos: string[]): Promise<Map<string, number>>;
  incidents(slos: string[], from: number, to: number): Promise<Map<string, { count: number; ms: number }>>;
  /** Corrections in force that begin within the stretch. */
  corrections(slos: string[], from: number, to: number): Promise<BudgetCorrection[]>;
}

/** The SLOs that a statement is about, by service and title. */
export function statementSlos(catalog: Catalog | null, wish: StatementWish): OwnedSlo[] {
  const teamOf = new Map((catalog?.services ?? []).map(({ id, owner }) => [id, owner]));
  return (catalog?.slos ?? [])
    .map(({ id, title, service, objective, budgeting }) => ({
      id,
      title,
      service,
      objective,
      budgeting,
      team: teamOf.get(service) ?? null,
    }))
    .filter(
      ({ id, service, team }) =>
        (wish.slo === '' || wish.slo === id) &&
        (wish.service === '' || wish.service === service) &&
        (wish.team === '' || wish.team === team),
    )
    .sort((a, b) => (`${a.service}\0${a.title}` < `${b.service}\0${b.title}` ? -1 : 1));
}

/** The month's lines of these SLOs, each counted as far as it is evaluated. */
export async function statementRows(
  slos: readonly OwnedSlo[],
  month: StatementMonth,
  reads: StatementReads,
): Promise<StatementRow[]> {
  const evaluatedTo = new Map((await reads.states()).map(({ slo, at }) => [slo, at]));
  const wanted = slos.map(({ id }) => ({
    slo: id,
    from: month.from,
    to: Math.max(month.from, Math.min(month.to, evaluatedTo.get(id) ?? month.from)),
  }));
  const ids = slos.map(({ id }) => id);
  const latest = wanted.reduce((last, { to }) => Math.max(last, to), month.from);
  const [counts, incidents, corrections, indicatorChanges] = await Promise.all([
    reads.stretches(wanted),
    reads.incidents(ids, month.from, latest),
    reads.corrections(ids, month.from, latest),
    reads.indicatorChanges(ids),
  ]);
  return slos.map((slo, i) => {
    const { to } = wanted[i]!;
    const found = counts.get(slo.id);
    const sums = found ? stretchSums(found, month.from, to) : { bad: 0, total: 0, known: 0 };
    const changedAt = indicatorChanges.get(slo.id) ?? null;
    const ofIndicator = corrections.filter((each) => isOfIndicator(each, changedAt));
    const { count, ms } = incidents.get(slo.id) ?? { count: 0, ms: 0 };
    return {
      ...slo,
      ...statementLine(slo.objective, month, to, sums),
      evaluated: evaluatedTo.has(slo.id),
      indicatorChangedAt: changedAt !== null && changedAt > month.from ? changedAt : null,
      incidents: count,
      incidentMs: ms,
      corrected: corrected(slo, month, to, sums, ofIndicator),
    };
  });
}

/** SLOs whose buckets are summed at once. */
const batch = 100;

/** The month's lines of any number of SLOs, as files have them: read in batches. */
export async function allStatementRows(
  slos: readonly OwnedSlo[],
  month: StatementMonth,
  reads: StatementReads,
): Promise<StatementRow[]> {
  const rows: StatementRow[] = [];
  for (let from = 0; from < slos.length; from += batch) {
    rows.push(...(await statementRows(slos.slice(from, from + batch), month, reads)));
  }
  return rows;
}

function corrected(
  { id, objective }: OwnedSlo,
  month: StatementMonth,
  to: number,
  sums: Sums,
  all: readonly BudgetCorrection[],
): CorrectedLine | null {
  const own = all.filter(({ slo, from }) => slo === id && from < to);
  if (own.length === 0) return null;
  const line = statementLine(objective, month, to, { ...correctedSums(sums, own), known: sums.known });
  const { state, bad, total, sli, budgetRemaining, budgetSoFar } = line;
  return { state, bad, total, sli, budgetRemaining, budgetSoFar, count: own.length };
}
