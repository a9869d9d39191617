import type { SloEvaluation, WindowBurn } from '../../domain/slo/evaluation.ts';
import { burnText, countText, objectiveText, shareText } from '../../domain/slo/figures.ts';
import { windowMinutes } from '../../domain/slo/slo.ts';
import { tierText } from '../tier.ts';
import { windowWords } from '../window-words.ts';
import type { SloView } from './view.ts';

/** Why this page: each tier's two windows with bad and good counts, their bound, and what must drop for it to clear. */
export function PageReasons({ main, resolved }: { main: SloView & { evaluation: SloEvaluation }; resolved: boolean }) {
  const { evaluation, tiers, slo } = main;
  const firing = tiers.find((tier) => tier.tier === evaluation.tier) ?? null;
  return (
    <details className="fold border-t border-line px-3.5 py-2">
      <summary>{firing && !resolved ? 'Why this page, and when it clears' : 'All windows'}</summary>
      <p className="mt-1 text-[13px] text-dim">
        {firing
          ? `It pages while both windows burn at ${burnText(firing.factor)} or more. It clears when the last ${windowWords(firing.short)} falls under that: about ${countText(windowMinutes[firing.short])} min of data after the errors stop, plus ${Math.round(slo.settle / 60_000)} min until the data is complete.`
          : `No tier has both windows over its bound now.`}{' '}
        The promise is {objectiveText(slo.objective)}.
      </p>
      <div className="scroll-x">
        <table className="table">
          <thead>
            <tr>
              <th>Tier</th>
              <th className="num">Bound</th>
              <th className="num">Long window</th>
              <th className="num">Short window</th>
            </tr>
          </thead>
          <tbody>
            {tiers.map((tier) => (
              <tr key={tier.tier}>
                <td>
                  {tierText(tier.tier)}
                  {tier.tier === evaluation.tier && <b className="text-red"> ▲ fires</b>}
                </td>
                <td className="num">{burnText(tier.factor)}</td>
                <WindowCell window={evaluation.windows[tier.long]} bound={tier.factor} />
                <WindowCell window={evaluation.windows[tier.short]} bound={tier.factor} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function WindowCell({ window, bound }: { window: WindowBurn; bound: number }) {
  const over = (window.burn ?? 0) >= bound * (1 - 1e-9);
  return (
    <td className="num">
      <span className={over ? 'text-ember' : ''}>
        {burnText(window.burn)} {over ? 'over' : 'under'}
      </span>
      <span className="block text-[12px] text-faint">
        {windowWords(window.window)}: {countText(window.bad)} of {countText(window.total)}
        {window.coverage < 1 && `, ${shareText(window.coverage)} covered`}
      </span>
    </td>
  );
}
