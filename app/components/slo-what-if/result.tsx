import { shareText } from '../../domain/slo/figures.ts';
import { badText, countedUnits } from '../../domain/slo/units.ts';
import { budgetName, type SpokenSlo } from '../../domain/slo/words.ts';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';
import { DifferenceTable } from './difference-table.tsx';
import type { WhatIfSide, WhatIfView } from './view.ts';

/** What the change would have done to who was woken, in a sentence, in figures and page by page. */
export function WhatIfResult({
  view,
  periods,
}: {
  view: WhatIfView;
  periods: { present: SpokenSlo; other: SpokenSlo };
}) {
  const { gained, lost, kept } = view.difference;
  return (
    <>
      <section className="panel" aria-label="What it would have done">
        <div className="say">
          <p className="say-sentence">{sentence(gained.length, lost.length, kept.length)}</p>
          <p className="say-sub">
            Replayed from <Time at={view.from} day="always" /> to <Time at={view.to} day="always" />; minute by minute
            since <Time at={view.exactFrom} day="always" />, before it with each hour’s {countedUnits(periods.present)}{' '}
            spread evenly, so that a page may be off by less than an hour and a spike of minutes may be missed. Vanished
            traffic pages under any setting and is left out.
          </p>
        </div>
        <div className="scroll-x">
          <table className="table cards">
            <thead>
              <tr>
                <th>Setting</th>
                <th className="num">Pages</th>
                <th className="num">Tickets</th>
                <th className="num">Budget left</th>
                <th className="num">In {countedUnits(periods.present)}</th>
              </tr>
            </thead>
            <tbody>
              <Side name="As it is" side={view.present} slo={periods.present} />
              <Side name="With the change" side={view.other} slo={periods.other} />
            </tbody>
          </table>
        </div>
        {view.other.problems.map((problem) => (
          <p key={problem} className="panel-note text-amber">
            With the change: {problem}.
          </p>
        ))}
      </section>
      <Panel title="Pages, one by one">
        {gained.length + lost.length + kept.length > 0 ? (
          <DifferenceTable difference={view.difference} />
        ) : (
          <Empty title="No page under either setting">Nothing that is stored burns fast enough.</Empty>
        )}
      </Panel>
    </>
  );
}

function Side({ name, side, slo }: { name: string; side: WhatIfSide; slo: SpokenSlo }) {
  const { budget } = side;
  return (
    <tr>
      <td>{name}</td>
      <td className="num" data-label="Pages">
        {side.pages}
      </td>
      <td className="num" data-label="Tickets">
        {side.tickets}
      </td>
      <td className="num" data-label="Budget left">
        <div>
          {budget ? shareText(budget.share) : `no ${countedUnits(slo)}`}
          <span className="block text-[12px] text-faint">of {budgetName(slo)}</span>
        </div>
      </td>
      <td className="num" data-label={`In ${countedUnits(slo)}`}>
        {budget ? `${badText(slo, budget.left)} of ${badText(slo, budget.allowed)}` : `no ${countedUnits(slo)}`}
      </td>
    </tr>
  );
}

function sentence(gained: number, lost: number, kept: number): string {
  const pages = (count: number) => `${count} ${count === 1 ? 'page' : 'pages'}`;
  if (gained === 0 && lost === 0)
    return `The same ${kept === 0 ? 'silence' : pages(kept)}: nothing gained, nothing lost.`;
  const parts = [gained > 0 && `${pages(gained)} gained`, lost > 0 && `${pages(lost)} lost`].filter(
    (part) => part !== false,
  );
  return `${parts.join(', ')}${kept > 0 ? `; ${kept} ${kept === 1 ? 'stays' : 'stay'}` : ''}.`;
}
