import type { BudgetCorrection } from '../../domain/slo/corrections.ts';
import { countText, shareText } from '../../domain/slo/figures.ts';
import { PostButton } from '../ui/post-button.tsx';
import { Time } from '../ui/time.tsx';

/** The corrections of a budget, each with who approved it and why, and what is left with all of them. */
export function CorrectionRows({
  corrections,
  left,
  why,
}: {
  corrections: BudgetCorrection[];
  left: number | null;
  why: string | null;
}) {
  if (corrections.length === 0) return null;
  return (
    <div className="border-t border-line" id="corrections">
      {corrections.map((each) => (
        <div key={each.id} className="row plain">
          <div>
            <div className="row-title">{each.reason}</div>
            <div className="row-detail">
              {each.kind === 'exclusion'
                ? `leaves out ${countText(each.bad)} bad of ${countText(each.total)} events`
                : `${each.bad < 0 ? 'takes away' : 'adds'} ${countText(Math.abs(each.bad))} bad events`}
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
        {left === null ? 'no events are left to count' : `${shareText(left)} of the budget is left`}. Paging goes on by
        what was measured.
      </p>
    </div>
  );
}
