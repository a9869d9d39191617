import { eventsLeftText } from '../../domain/slo/budget-events.ts';
import { countText, shareText } from '../../domain/slo/figures.ts';
import { slicesOf } from '../../domain/slo/slices.ts';
import { countedUnits } from '../../domain/slo/units.ts';
import { budgetName, type SpokenSlo } from '../../domain/slo/words.ts';
import { CountedAnew } from '../counted-anew.tsx';
import { useZone } from '../ui/clock.tsx';
import { dayText } from '../ui/clock-text.ts';
import { Panel } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';
import { BurnDownTable } from './burn-down-table.tsx';
import { CorrectionFields, type RefusedCorrection } from './correction-form.tsx';
import { CorrectionRows } from './correction-rows.tsx';
import { BurnDownDrawing } from './drawing.tsx';
import { LedgerTable } from './ledger-table.tsx';
import type { BudgetView } from './view.ts';

/** The budget of the period: what is left in events, how it went down, and the ledger of what it went on. */
export function BudgetPanel({
  slo,
  budget,
  correcting,
}: {
  slo: SpokenSlo;
  budget: BudgetView;
  /** Why the viewer may not correct it (null: may), the zone of the form, and what was refused. */
  correcting: { why: string | null; timeZone: string; refused: RefusedCorrection | null };
}) {
  const zone = useZone();
  const { points, events, lines, from, at, end, indicatorChangedAt } = budget;
  const slices = slicesOf(slo) !== null;
  const what = slices ? `its measured ${countedUnits(slo)}` : 'its traffic';
  const left = points.at(-1)?.left ?? 1;
  const spells = lines.filter(({ kind }) => kind === 'incident');
  const input = { points, from, end, spells };
  const label = `Budget left from ${dayText(from, zone)} to ${dayText(at, zone)}: ${shareText(left)} now; ${spells.length} ${spells.length === 1 ? 'incident' : 'incidents'}`;
  return (
    <Panel
      title={budgetName(slo).replace(/^the/, 'The')}
      id="budget"
      aside={
        <span className="age">
          since <Time at={from} day="always" />
        </span>
      }
    >
      <p className="panel-note">
        <b className={left <= 0 ? 'text-red' : 'text-ink'}>{eventsLeftText(slo, events)}</b> of{' '}
        {countText(events.allowed)}{' '}
        {slo.period.kind === 'calendar'
          ? `that it allows at ${what} so far`
          : `that ${what} ${slices ? 'allow' : 'allows'}`}
        {budget.coverage < 0.9995 &&
          `; ${shareText(budget.coverage)} of its minutes are known, the rest counts as nothing`}
        .
      </p>
      {indicatorChangedAt !== null && indicatorChangedAt > from && (
        <p className="panel-note">
          It is <CountedAnew at={indicatorChangedAt} />: what was before then was read again from its source, and what
          that no longer has is unknown.
        </p>
      )}
      {slo.period.kind === 'calendar' && budget.soFar !== null && (
        <p className="panel-note !pt-0">
          {shareText(left)} of the whole {slo.period.unit} is left, at {slices ? what : 'its mean traffic'} so far; so
          far, {shareText(budget.soFar)} of what {slices ? `${what} until now allow` : 'the traffic until now allows'}.
        </p>
      )}
      <figure className="m-0">
        <div className="chart-wrap">
          <BurnDownDrawing input={input} look="wide" label={label} />
          <BurnDownDrawing input={input} look="narrow" label={label} />
        </div>
        <figcaption className="chart-caption">
          <p>Dashed: an even pace. Shaded: incidents.</p>
          <BurnDownTable slo={slo} points={points} />
        </figcaption>
      </figure>
      <div className="border-t border-line">
        <LedgerTable slo={slo} lines={lines} />
      </div>
      <CorrectionRows slo={slo} budget={budget} why={correcting.why} />
      <CorrectionFields slo={slo} {...correcting} />
    </Panel>
  );
}
