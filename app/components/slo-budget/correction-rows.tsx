import type { BudgetCorrection } from '../../domain/slo/corrections.ts';
import { countText, shareText } from '../../domain/slo/figures.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { badText, countedUnits } from '../../domain/slo/units.ts';
import { PostButton } from '../ui/post-button.tsx';
import { Time } from '../ui/time.tsx';

/** The corrections of a budget, each with who approved it and why, and what is left with all of them. */
export function CorrectionRows({
  slo,
  corrections,
  left,
  why,
}: {
  slo: Pick<Slo, 'budgeting'>;
  corrections: BudgetCorrection[];
  left: number | null;
  why: string | null;
}) {
  if (corrections.length === 0) return null;
  const units = countedUnits(slo);
  return (
    <div className="border-t border-line" id="corrections">
      {corrections.map((each) => (
        <div key={each.id} className="row plain">
          <div>
            <div className="row-title">{each.reason}</div>
            <div className="row-detail">
              {each.kind === 'exclusion'
                ? `leaves out ${badText(slo, each.bad)} bad of ${countText(each.total)} ${units}`
                : `${each.bad < 0 ? 'takes away' : 'adds'} ${countText(Math.abs(each.bad))} bad ${units}`}
              {', '}
              <Time at={each.from} day="always" /> to <Time at={each.to} day="always" /> · approved by {each.approvedBy}
              , <Time at={each.approvedAt} day="always" />
            </div>
          </div>
          <PostButton fields={{ intent: 'withdraw', id: each.id }} look="quiet" why={why}>
            Withdraw
          </PostButton>
        </div>
      ))}
      <p className="panel-note">
        <b>With {corrections.length === 1 ? 'this correction' : 'these corrections'}:</b>{' '}
        {left === null ? `no ${units} are left to count` : `${shareText(left)} of the budget is left`}. Paging goes on
        by what was measured.
      </p>
    </div>
  );
}
