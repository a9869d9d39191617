import { isOfIndicator } from '../../domain/slo/corrections.ts';
import { countText, shareText } from '../../domain/slo/figures.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { badText, countedUnits } from '../../domain/slo/units.ts';
import { PostButton } from '../ui/post-button.tsx';
import { Time } from '../ui/time.tsx';
import type { BudgetView } from './view.ts';

/** The corrections of a budget, each with who approved it and why, and what is left with all of them that count. */
export function CorrectionRows({
  slo,
  budget,
  why,
}: {
  slo: Pick<Slo, 'budgeting'>;
  budget: Pick<BudgetView, 'corrections' | 'corrected' | 'indicatorChangedAt'>;
  why: string | null;
}) {
  const { corrections, corrected, indicatorChangedAt } = budget;
  if (corrections.length === 0) return null;
  const counting = corrections.filter((each) => isOfIndicator(each, indicatorChangedAt)).length;
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
            {!isOfIndicator(each, indicatorChangedAt) && (
              <div className="row-detail">
                Does not count: it was approved before the indicator changed, for what was counted then. Withdraw it,
                and add it again if it still holds.
              </div>
            )}
          </div>
          <PostButton fields={{ intent: 'withdraw', id: each.id }} look="quiet" why={why}>
            Withdraw
          </PostButton>
        </div>
      ))}
      {counting > 0 && (
        <p className="panel-note">
          <b>
            {counting < corrections.length
              ? `With the ${counting === 1 ? 'one that counts' : `${counting} that count`}`
              : `With ${counting === 1 ? 'this correction' : 'these corrections'}`}
            :
          </b>{' '}
          {corrected === null ? `no ${units} are left to count` : `${shareText(corrected)} of the budget is left`}.
          Paging goes on by what was measured.
        </p>
      )}
    </div>
  );
}
