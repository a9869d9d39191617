import { isNight } from '../../domain/alert/night.ts';
import type { RealIncident, WouldPage } from '../../domain/alert/shadow.ts';
import { type Episode, leadOf } from '../../domain/alert/side-by-side.ts';
import { type CsvCell, csvText } from '../csv-text.ts';

/** One line of the report: a page that would have been, or an incident without one. */
interface Line {
  page: WouldPage | null;
  incidents: RealIncident[];
  lead: number | null;
}

const columns: [string, (line: Line, timeZone: string) => CsvCell][] = [
  ['outcome', ({ page, incidents }) => (!page ? 'missed' : incidents.length > 0 ? 'beside' : 'alone')],
  ['slo', ({ page }) => page?.slo ?? null],
  [
    'service',
    ({ page, incidents }) => page?.service ?? [...new Set(incidents.flatMap((each) => each.services))].join(' '),
  ],
  ['tier', ({ page }) => page?.tier ?? null],
  ['page_from', ({ page }) => iso(page?.from)],
  ['page_to', ({ page }) => iso(page?.to)],
  ['at_night', ({ page }, timeZone) => (page ? String(isNight(page.from, timeZone)) : null)],
  ['minutes_earlier', ({ lead }) => (lead === null ? null : lead / 60_000)],
  [
    'real_incidents',
    ({ incidents }) => incidents.map(({ number, id }) => (number === null ? id : `#${number}`)).join(' '),
  ],
  ['real_title', ({ incidents }) => incidents[0]?.title ?? null],
  ['real_from', ({ incidents }) => iso(incidents[0]?.from)],
  ['real_to', ({ incidents }) => iso(incidents[0]?.to)],
  ['real_url', ({ incidents }) => incidents[0]?.url ?? null],
];

/** The report as CSV (UTF-8, times in UTC): each page once with the incidents beside it, and each incident without a page. */
export function shadowCsv(episodes: readonly Episode<WouldPage, RealIncident>[], timeZone: string): string {
  const lines = episodes.flatMap((episode): Line[] => {
    const { pages, incidents } = episode;
    if (pages.length === 0) return incidents.map((incident) => ({ page: null, incidents: [incident], lead: null }));
    // The first page tells how much earlier it came; those after it are its echo.
    return pages.map((page, index) => ({ page, incidents, lead: index === 0 ? leadOf(episode) : null }));
  });
  const head = csvText(columns.map(([name]) => name));
  return head + lines.map((line) => csvText(columns.map(([, of]) => of(line, timeZone)))).join('');
}

function iso(at: number | null | undefined): string | null {
  return at == null ? null : new Date(at).toISOString();
}
