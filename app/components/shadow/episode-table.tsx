import type { RealIncident, WouldPage } from '../../domain/alert/shadow.ts';
import { leadText } from '../../domain/alert/shadow-words.ts';
import { type Episode, leadOf, startOf } from '../../domain/alert/side-by-side.ts';
import { durationText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import { tierText } from '../tier.ts';
import { Chip } from '../ui/chip.tsx';
import { Time } from '../ui/time.tsx';

/** Page by page: what would have been sent, and the real incident beside it; or one of the two alone. */
export function EpisodeTable({
  episodes,
  titles,
}: {
  episodes: Episode<WouldPage, RealIncident>[];
  /** Titles of SLOs by id. */
  titles: Record<string, string>;
}) {
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>Outcome</th>
            <th>Would have paged</th>
            <th>Real incident</th>
          </tr>
        </thead>
        <tbody>
          {episodes.map((episode) => (
            <tr key={`${startOf(episode)} ${episode.pages[0]?.id} ${episode.incidents[0]?.id}`}>
              <td>
                <Outcome episode={episode} />
              </td>
              <td className="half" data-label="Would have paged">
                <div>
                  {episode.pages.map((page) => (
                    <Page key={page.id} page={page} title={titles[page.slo] ?? page.slo} />
                  ))}
                  {episode.pages.length === 0 && <span className="text-faint">no page</span>}
                </div>
              </td>
              <td className="half" data-label="Real incident">
                <div>
                  {episode.incidents.map((incident) => (
                    <Real key={incident.id} incident={incident} />
                  ))}
                  {episode.incidents.length === 0 && <span className="text-faint">none</span>}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Outcome({ episode }: { episode: Episode<WouldPage, RealIncident> }) {
  const lead = leadOf(episode);
  if (lead !== null) return <Chip tone={lead >= 0 ? 'ok' : 'plain'}>{leadText(lead)}</Chip>;
  return episode.pages.length > 0 ? <Chip tone="warn">alone</Chip> : <Chip tone="bad">missed</Chip>;
}

function Page({ page, title }: { page: WouldPage; title: string }) {
  return (
    <div className="mb-1 last:mb-0">
      <a href={page.incident === null ? paths.slo(page.slo) : paths.incident(page.incident)}>
        <Time at={page.from} day="always" /> {title}
      </a>
      <span className="block text-[12px] text-faint">
        {tierText(page.tier)}, {lasted(page)}
      </span>
    </div>
  );
}

function Real({ incident }: { incident: RealIncident }) {
  return (
    <div className="mb-1 last:mb-0">
      <a href={paths.pagerDutyIncident(incident.id)}>
        <Time at={incident.from} day="always" /> {incident.number === null ? '' : `#${incident.number} `}
        {incident.title}
      </a>
      <span className="block text-[12px] text-faint">
        {incident.ownSlo === null ? 'from another pager' : 'paged by Firebreak'}, {lasted(incident)}
      </span>
    </div>
  );
}

function lasted({ from, to }: { from: number; to: number | null }): string {
  return to === null ? 'goes on' : durationText(to - from);
}
