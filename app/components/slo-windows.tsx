import type { SloEvaluation } from '../domain/slo/evaluation.ts';
import { countText, shareText, windowBurnText } from '../domain/slo/figures.ts';
import { minuteMs } from '../domain/slo/series.ts';
import { type Slo, windowNames } from '../domain/slo/slo.ts';
import { badText } from '../domain/slo/units.ts';
import { Panel } from './ui/panel.tsx';
import { Age, Time } from './ui/time.tsx';
import { windowWords } from './window-words.ts';

/** An SLO's burn over every window, each with its counts and how much of it is known; and the last minute that was measured. */
export function SloWindows({ slo, evaluation }: { slo: Pick<Slo, 'budgeting'>; evaluation: SloEvaluation }) {
  const { windows, dataTo } = evaluation;
  return (
    <Panel title="Burn by window" id="windows">
      <div className="scroll-x">
        <table className="table tight">
          <thead>
            <tr>
              <th>Last</th>
              <th className="num">Burn</th>
              <th className="num">Bad of all</th>
            </tr>
          </thead>
          <tbody>
            {windowNames.map((name) => {
              const one = windows[name];
              return (
                <tr key={name}>
                  <td className="whitespace-nowrap">{windowWords(name)}</td>
                  <td className={(one.burn ?? 0) > 1 ? 'num text-ember' : 'num'}>{windowBurnText(one, slo)}</td>
                  <td className="num">
                    {one.coverage > 0 ? `${badText(slo, one.bad)} of ${countText(one.total)}` : 'unmeasured'}
                    <span className="block text-[12px] text-faint">{shareText(one.coverage)} covered</span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p className="panel-note">
        {dataTo === null ? (
          'No minute is measured yet.'
        ) : (
          <>
            Last minute measured: <Time at={dataTo - minuteMs} />, <Age at={dataTo} />. 1× spends the budget exactly
            over its period.
          </>
        )}
      </p>
    </Panel>
  );
}
