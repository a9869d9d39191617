import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { ChangeNotices } from '../components/change-notices.tsx';
import { Changes } from '../components/changes.tsx';
import { KillNotices } from '../components/flag/kill-notices.tsx';
import { standing } from '../components/flag/standing.ts';
import { FollowUpRows } from '../components/follow-up-rows.tsx';
import { IncidentRows } from '../components/incident-list.tsx';
import { NothingDeclared } from '../components/nothing-declared.tsx';
import { byUrgency, sloRow, turningBlind, vanishedOf } from '../components/overview.ts';
import { SilenceBanner } from '../components/silence/banner.tsx';
import { shownSilences } from '../components/silence/shown.ts';
import { silencedUntil } from '../components/silence/until.ts';
import { SloTable } from '../components/slo-table.tsx';
import { useTicking } from '../components/ui/clock.tsx';
import { Empty } from '../components/ui/empty.tsx';
import { Panel } from '../components/ui/panel.tsx';
import { owns } from '../domain/audit/permission.ts';
import type { ChangeNotice } from '../domain/change/notice.ts';
import type { KillNotice } from '../domain/flag/kill-notice.ts';
import { isOverdue } from '../domain/follow-up/reminder.ts';
import { plural } from '../domain/plural.ts';
import { paths } from '../paths.ts';

/** Rows drawn at once: what burns, then the next most urgent; the rest is a page away. */
const first = 25;
const hour = 3_600_000;

export const meta: MetaFunction = () => [{ title: 'Overview · Firebreak' }];

export const handle = { topics: ['incidents', 'slos', 'changes', 'follow-ups', 'catalog'] };

export async function loader({ context }: LoaderFunctionArgs) {
  const actor = context.require('read');
  const { stores, clock } = context;
  const now = clock.now();
  const [catalog, states, incidents, changes, followUps, watched, silences, killed] = await Promise.all([
    stores.catalog.current(),
    stores.slos.states(),
    stores.incidents.open(),
    stores.changes.recent({ since: now - 24 * hour, limit: 8 }),
    stores.followUps.open(),
    stores.observations.all<ChangeNotice[]>('firebreak', 'watch/'),
    stores.silences.standing(now),
    stores.observations.all<KillNotice>('firebreak', 'killed/'),
  ]);
  const stateOf = new Map(states.map((state) => [state.slo, state]));
  const rows = byUrgency((catalog?.slos ?? []).map((slo) => sloRow(slo, stateOf.get(slo.id) ?? null, now)));
  const burning = rows.filter((row) => row.tier !== null);
  const vanished = burning.filter((row) => row.condition === 'traffic-vanished').length;
  // The oldest: no figure on the page is from before it.
  const dataTo = rows.reduce<number | null>(
    (least, { dataTo: to }) => (to === null ? least : Math.min(least ?? to, to)),
    null,
  );
  return {
    now,
    dataTo,
    burning: burning.filter(({ tier }) => tier?.startsWith('page')).length - vanished,
    tickets: burning.filter(({ tier }) => !tier?.startsWith('page')).length,
    vanished,
    blind: rows.filter((row) => now >= row.blindFrom).length,
    turningBlind: turningBlind(rows, now),
    notices: Object.values(watched).flatMap(({ value }) => (value ?? []).filter(({ at }) => now - at < hour)),
    /** Flags of this person that somebody else made safe. */
    killed: standing(killed, followUps).filter(({ owners }) => owns(actor, owners)),
    total: rows.length,
    rows: rows.slice(0, Math.max(first, burning.length)),
    incidents,
    silences: shownSilences(catalog, silences),
    silenced: silencedUntil(catalog?.slos ?? [], silences, now),
    changes,
    followUps: followUps.slice(0, 5),
    overdue: followUps.filter((each) => isOverdue(each, context.clock.now())).length,
    loaded: catalog !== null,
    problems: catalog?.problems.length ?? 0,
  };
}

export default function Overview() {
  const page = useLoaderData<typeof loader>();
  // An engine that has stopped sends no news: the page itself must see that its figures grow old.
  const turned = useTicking((now) =>
    page.turningBlind.reduce((sum, { at, count }) => (now >= at ? sum + count : sum), 0),
  );
  return (
    <>
      <div className="head">
        <div>
          <h1>{headline({ ...page, blind: page.blind + turned })}</h1>
          <p className="meta">
            {page.problems > 0 && (
              <a className="link text-amber" href={paths.runbooks()}>
                {plural(page.problems, 'problem')} in the content files
              </a>
            )}
          </p>
        </div>
      </div>
      <div className="two">
        <div className="col">
          {page.incidents.length > 0 && (
            <Panel
              title="Open incidents"
              aside={
                <a className="age hover:underline" href={paths.incidents()}>
                  all →
                </a>
              }
            >
              <IncidentRows incidents={page.incidents} vanished={vanishedOf(page.rows)} />
            </Panel>
          )}
          <SilenceBanner silences={page.silences} title="Silenced now" />
          <KillNotices notices={page.killed} title="Your flags that were made safe" />
          <ChangeNotices notices={page.notices} back={null} />
          <Panel
            title="SLOs, most urgent first"
            aside={
              <a className="age hover:underline" href={paths.slos()}>
                all {page.total} →
              </a>
            }
          >
            {page.rows.length > 0 ? (
              <SloTable rows={page.rows} silenced={page.silenced} />
            ) : (
              <NothingDeclared read={page.loaded} title="No SLO is declared">
                Services and SLOs are declared as OpenSLO documents in <code>alerts/*.yaml</code>.
              </NothingDeclared>
            )}
          </Panel>
        </div>
        <div className="col">
          <Panel
            title="Open follow-ups"
            aside={
              <a className="age hover:underline" href={paths.followUps()}>
                {page.overdue > 0 ? `${page.overdue} overdue · all →` : 'all →'}
              </a>
            }
          >
            {page.followUps.length > 0 ? (
              <FollowUpRows followUps={page.followUps} />
            ) : (
              <Empty title="Nothing is left behind">
                What a run leaves behind stands here until somebody clears it.
              </Empty>
            )}
          </Panel>
          <Changes changes={page.changes} title="Changes of the last 24 hours" />
        </div>
      </div>
    </>
  );
}

function headline({
  burning,
  blind,
  vanished,
  tickets,
  incidents,
  total,
}: {
  burning: number;
  tickets: number;
  blind: number;
  vanished: number;
  incidents: unknown[];
  total: number;
}): string {
  const said = [
    burning > 0 && `${burning} of ${plural(total, 'SLO')} ${burning === 1 ? 'burns' : 'burn'} too fast`,
    vanished > 0 && `${vanished} of ${plural(total, 'SLO')} ${vanished === 1 ? 'has' : 'have'} lost the traffic`,
    blind > 0 &&
      `${blind} of ${plural(total, 'SLO')} ${blind === 1 ? 'is' : 'are'} blind: nobody knows whether they burn`,
  ].filter((part) => part !== false);
  if (said.length > 0) return said.join('; ');
  if (tickets > 0)
    return `No SLO burns at a page tier; ${tickets} of ${total} ${tickets === 1 ? 'burns' : 'burn'} at a ticket tier`;
  if (incidents.length > 0) return 'No SLO burns at a page tier; an incident is open';
  return total > 0 ? 'Nothing burns' : 'Nothing is watched yet';
}
