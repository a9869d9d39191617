import { personName } from '../domain/audit/person-names.ts';
import type { Incident } from '../domain/incident/incident.ts';
import type { Happened, RunRecord } from '../domain/report/happened.ts';
import type { Run } from '../domain/run/run.ts';
import type { Stores } from './stores.ts';

/** What the teller of a story says of itself. */
type Teller = Pick<Happened, 'now' | 'zone' | 'organisation' | 'baseUrl'>;

/** Everything that was recorded of an incident or a run, in one piece, without its secrets. */
export interface HappenedStore {
  ofIncident(id: string, teller: Teller): Promise<Happened | null>;
  /** Of the run alone, with its incident's facts left to the incident. */
  ofRun(id: string, teller: Teller): Promise<Happened | null>;
}

type Parts = Pick<
  Stores,
  'incidents' | 'runs' | 'runRecords' | 'audit' | 'deliveries' | 'followUps' | 'slos' | 'catalog' | 'people'
>;

const minuteMs = 60_000;
const around = 15 * minuteMs;
/** Runs of an incident and lines of a run's audit, at most: more than any story had. */
const mostRuns = 100;
const mostLines = 2_000;
/** How far back a chart goes at most. */
const longest = 7 * 24 * 3_600_000;

/** Gathers from the stores, people by their names; `redact` runs once more over all of it, because some of it was said by other systems. */
export function createHappenedStore(stores: Parts, redact: (text: string) => string): HappenedStore {
  const clean = async (happened: Happened): Promise<Happened> =>
    JSON.parse(redact(JSON.stringify(await withNames(happened, stores.people))));
  return {
    async ofIncident(id, teller) {
      const incident = await stores.incidents.get(id);
      if (!incident) return null;
      const [timeline, deliveries, pagerDuty, found] = await Promise.all([
        stores.incidents.timeline(id),
        stores.deliveries.of(id),
        stores.incidents.pagerDuty(id),
        stores.runs.list({ incidentId: id, limit: mostRuns }),
      ]);
      const all = [...found].sort((a, b) => a.openedAt - b.openedAt);
      const [runs, followUps, burn] = await Promise.all([
        records(all),
        stores.followUps.of({ incidentId: id, runIds: all.map((run) => run.id) }),
        burnOf(incident.slo, startOf(incident), incident.resolvedAt, teller.now),
      ]);
      return clean({ ...teller, incident, timeline, deliveries, pagerDuty, runs, followUps, burn });
    },
    async ofRun(id, teller) {
      const run = await stores.runs.get(id);
      if (!run) return null;
      const [runs, followUps, burn] = await Promise.all([
        records([run]),
        stores.followUps.of({ incidentId: null, runIds: [id] }),
        burnOf(provenBy(run), run.openedAt, run.endedAt, teller.now),
      ]);
      const none = { incident: null, timeline: [], deliveries: [], pagerDuty: [] };
      return clean({ ...teller, ...none, runs, followUps, burn });
    },
  };

  function records(runs: readonly Run[]): Promise<RunRecord[]> {
    return Promise.all(
      runs.map(async (run) => {
        const [notes, audit, lines] = await Promise.all([
          stores.runRecords.notes(run.id),
          stores.audit.page({ runId: run.id, limit: mostLines }),
          stores.runRecords.lines(run.id),
        ]);
        return { run, notes, audit: audit.reverse(), lines };
      }),
    );
  }

  async function burnOf(
    id: string | null,
    began: number,
    ended: number | null,
    now: number,
  ): Promise<Happened['burn']> {
    const slo = id === null ? null : (await stores.catalog.current())?.slos.find((each) => each.id === id);
    if (!slo) return null;
    const to = Math.min(now, (ended ?? now) + around);
    const from = Math.max(began - around, to - longest);
    const [state, points] = await Promise.all([stores.slos.state(slo.id), stores.slos.points(slo.id, from, to)]);
    return { slo, evaluation: state?.evaluation ?? null, points, from, to };
  }
}

/** The same story with the name of whoever has one in place of their address. */
async function withNames(happened: Happened, people: Parts['people']): Promise<Happened> {
  const { runs, followUps } = happened;
  const names = await people.names([
    ...runs.flatMap(({ run, audit }) => [run.openedBy, ...audit.map(({ actor }) => actor)]),
    ...followUps.flatMap(({ owner, clearedBy }) => [owner, clearedBy]),
  ]);
  const named = (who: string | null) => (who === null ? null : personName(who, names));
  return {
    ...happened,
    runs: runs.map((record) => ({
      ...record,
      run: { ...record.run, openedBy: personName(record.run.openedBy, names) },
      audit: record.audit.map((entry) => ({ ...entry, actor: personName(entry.actor, names) })),
    })),
    followUps: followUps.map((each) => ({ ...each, owner: named(each.owner), clearedBy: named(each.clearedBy) })),
  };
}

function startOf({ startedAt, openedAt }: Incident): number {
  return Math.min(startedAt ?? openedAt, openedAt);
}

/** The SLO by which a run's first proven step is judged; null where none is. */
function provenBy(run: Run): string | null {
  const step = run.steps.find(({ verification, plan }) => verification ?? plan?.verify);
  return step?.verification?.slo ?? step?.plan?.verify?.slo ?? null;
}
