import type { StageVerdict, WindowFigures } from '../../domain/rollout/verdict.ts';
import { burnText, countText } from '../../domain/slo/figures.ts';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { tight } from '../ui/tight.ts';
import { Time } from '../ui/time.tsx';
import { verdictChips } from './state.ts';

/** What each guard of the present stage says, with its figures; the worst counts. */
export function Verdicts({ verdict }: { verdict: StageVerdict | null }) {
  if (!verdict || verdict.guards.length === 0) {
    return (
      <Panel title="What its guards say">
        <Empty title="Nothing is judged yet">Once a step is in effect, each guard’s figures stand here.</Empty>
      </Panel>
    );
  }
  return (
    <Panel
      title="What its guards say"
      aside={
        <span className="text-dim text-[13px]">
          looked at <Time at={verdict.at} />
        </span>
      }
    >
      <div className="scroll-x">
        <table className="table cards">
          <thead>
            <tr>
              <th>Guard</th>
              <th>Verdict</th>
              <th>Short window</th>
              <th>Long window</th>
              <th>Taken back at</th>
            </tr>
          </thead>
          <tbody>
            {verdict.guards.map(({ guard, kind, short, long, over, dataTo, text }) => (
              <tr key={guard}>
                <td>
                  <b className="!whitespace-normal">{guard}</b>
                  <span className="row-detail block">{tight(text)}</span>
                  <span className="row-detail block">
                    {dataTo === null ? (
                      'no data'
                    ) : (
                      <>
                        data to <Time at={dataTo} />
                      </>
                    )}
                  </span>
                </td>
                <td data-label="Verdict">
                  <Chip tone={verdictChips[kind].tone}>{verdictChips[kind].text}</Chip>
                </td>
                <td className="half" data-label="Short window">
                  {figures(short)}
                </td>
                <td className="half" data-label="Long window">
                  {figures(long)}
                </td>
                <td data-label="Taken back at">{burnText(over)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function figures({ burn, bad, total, minutes }: WindowFigures) {
  return (
    <>
      {burn === null ? '–' : burnText(burn)}
      <span className="row-detail block whitespace-nowrap">
        {countText(bad)} of {countText(total)}, {tight(`${minutes} min`)}
      </span>
    </>
  );
}
