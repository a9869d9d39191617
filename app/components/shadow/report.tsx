import { countText } from '../../domain/slo/figures.ts';
import { useFreshness } from '../freshness.ts';
import { Freshly, type Read } from '../observed-panel.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel } from '../ui/panel.tsx';
import { Tile } from '../ui/tile.tsx';
import { EpisodeTable } from './episode-table.tsx';
import { ShadowTable } from './shadow-table.tsx';
import type { ShadowView } from './view.ts';

/** PagerDuty is read every 30 s. */
const staleAfter = 2 * 60_000;

/** The verdict with its figures, then SLO by SLO, then page by page. Rows and episodes are those of one screen. */
export function ShadowReport({
  view,
  total,
  episodesInAll,
  titles,
  timeZone,
  pagerDuty,
}: {
  view: ShadowView;
  total: number;
  episodesInAll: number;
  titles: Record<string, string>;
  timeZone: string;
  pagerDuty: Read<unknown>;
}) {
  const { all, rows, episodes } = view;
  const read = useFreshness(pagerDuty, staleAfter);
  return (
    <>
      <section className="panel" aria-label="What it comes to">
        <div className="say">
          <p className="say-sentence">{view.verdict}</p>
          <p className="say-sub">
            A page and a real incident of the same service belong together when they overlap or lie within 10 min. Real
            is what PagerDuty paged for, at high urgency, whoever told it.
          </p>
        </div>
        <div className="tiles">
          <Tile label="Pages" value={countText(all.pages)} note="one for each cause" />
          <Tile label="Beside a real incident" value={countText(all.beside)} />
          <Tile label="Alone" value={countText(all.pages - all.beside)} note="false, or nobody else saw it" />
          <Tile label="Missed" value={countText(all.missed)} note={`of ${countText(all.incidents)} real incidents`} />
          <Tile label="At night" value={countText(all.atNight)} note={`22:00 to 07:00, ${timeZone}`} />
        </div>
      </section>
      <Panel title="SLO by SLO" aside={<span className="age">{total}</span>}>
        <ShadowTable rows={rows} />
        <p className="panel-note border-t border-line">
          SLOs of one incident would have been one page in all; here each counts its own.
        </p>
      </Panel>
      <Panel title="Page by page" stale={read.state === 'stale'} aside={<Freshly state={read} />}>
        {read.state !== 'fresh' && (
          <p className="panel-note">
            {read.error ? `PagerDuty does not answer: ${read.error}. ` : ''}
            Real incidents may be missing here{read.state === 'never' ? ': PagerDuty was never read' : ''}.
          </p>
        )}
        {episodes.length > 0 ? (
          <EpisodeTable episodes={episodes} titles={titles} />
        ) : (
          <Empty title="Nothing to compare">No page would have been sent, and nobody was paged.</Empty>
        )}
        {episodesInAll > episodes.length && (
          <p className="panel-note border-t border-line">
            The newest {episodes.length} of {countText(episodesInAll)}; the CSV has all.
          </p>
        )}
      </Panel>
    </>
  );
}
