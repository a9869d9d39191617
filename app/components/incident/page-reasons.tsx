import type { SloEvaluation, WindowBurn } from '../../domain/slo/evaluation.ts';
import { burnText, countText, objectiveText, shareText, windowBurnText } from '../../domain/slo/figures.ts';
import { pageReasons } from '../../domain/slo/page-reasons.ts';
import type { Slo, Tier } from '../../domain/slo/slo.ts';
import { badText } from '../../domain/slo/units.ts';
import { reaches } from '../../domain/slo/windows.ts';
import { tierText } from '../tier.ts';
import { windowWords } from '../window-words.ts';
import { Words } from '../words.tsx';
import type { SloView } from './view.ts';

/** Why this page: each tier's two windows with bad and all counts, their bound, and what must drop for it to clear. `standing` is the tier that the alert stands at. `open`: not behind its fold. */
export function PageReasons({
  main,
  evaluation,
  standing,
  open = false,
}: {
  main: SloView;
  evaluation: SloEvaluation;
  standing: Tier | null;
  open?: boolean;
}) {
  const { profile, slo } = main;
  if (!profile) return null;
  const { why, clears } = pageReasons(slo, evaluation, profile, standing);
  return (
    <details className="fold border-t border-line px-3.5 py-2" open={open}>
      <summary>
        {standing ? `Why this ${standing.startsWith('page') ? 'page' : 'ticket'}, and when it clears` : 'All windows'}
      </summary>
      <p className="mt-1 text-[13px] text-dim">
        <Words parts={why} /> <Words parts={clears} /> The promise is {objectiveText(slo.objective)}.
      </p>
      <div className="scroll-x">
        <table className="table tight">
          <thead>
            <tr>
              <th>Tier</th>
              <th className="num">Bound</th>
              <th className="num">Long window</th>
              <th className="num">Short window</th>
            </tr>
          </thead>
          <tbody>
            {profile.tiers.map((tier) => (
              <tr key={tier.tier}>
                <td>
                  {tierText(tier.tier)}
                  {tier.tier === evaluation.tier && <b className="text-red"> ▲ fires</b>}
                </td>
                <td className="num">{burnText(tier.factor)}</td>
                <WindowCell slo={slo} window={evaluation.windows[tier.long]} bound={tier.factor} />
                <WindowCell slo={slo} window={evaluation.windows[tier.short]} bound={tier.factor} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function WindowCell({ slo, window, bound }: { slo: Pick<Slo, 'budgeting'>; window: WindowBurn; bound: number }) {
  const over = reaches(window.burn, bound);
  const side = window.burn === null ? '' : over ? ' over' : ' under';
  return (
    <td className="num">
      <span className={over ? 'text-ember' : ''}>
        {windowBurnText(window, slo)}
        {side}
      </span>
      <span className="block text-[12px] text-faint">
        {windowWords(window.window)}: {badText(slo, window.bad)} of {countText(window.total)}
        {window.coverage < 1 && `, ${shareText(window.coverage)} covered`}
      </span>
    </td>
  );
}
