import type { Catalog } from '../../domain/catalog.ts';
import type { Change } from '../../domain/change/change.ts';
import { type ChangeNotice, wayBack } from '../../domain/change/notice.ts';
import { riseSince } from '../../domain/change/watch.ts';
import { noteMark } from '../../domain/incident/pagerduty-timeline.ts';
import { hourMs, minuteMs } from '../../domain/slo/series.ts';
import { eventObjective } from '../../domain/slo/slices.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db.server.ts';
import type { Notify } from '../../platform/notify.server.ts';
import { recordTimeline } from '../../stores/incident/timeline.server.ts';
import { createOutboxStore } from '../../stores/outbox.server.ts';
import type { SloHours } from '../../stores/slo/slo-hours.server.ts';
import type { ChangeStore, Stores } from '../../stores/stores.ts';
import type { StoredNote } from '../deliver/deliver-outbox.server.ts';
import type { StoredChat } from '../deliver/send-chat.server.ts';
import { storedEvents } from './stored-events.server.ts';

const watchedMs = 30 * minuteMs;
const keptMs = 6 * 60 * minuteMs;
/** What a change is compared with lies in the hour before it. */
const comparedHours = 2;
/** A page may come this long after the rise was told. */
const carriedMs = 60 * minuteMs;

/**
 * Watches every flag and traffic change for half an hour: when burn rises since, a notice with the way back stands on
 * the service's page and the overview, in the declared chat of an owner's name, in the timeline of an open incident of the
 * service and, as a note, in its PagerDuty incidents. One notice per change and SLO.
 */
export function watchChanges(deps: {
  db: Db;
  clock: Pick<Clock, 'now'>;
  catalog: () => Promise<Catalog | null>;
  stores: Pick<Stores, 'incidents' | 'observations'> & {
    changes: ChangeStore;
    slos: Pick<SloHours, 'hours' | 'eventHours'>;
  };
  notify: Notify;
  mode: 'observe' | 'shadow' | 'act';
  environment: string;
  /** Email of the PagerDuty user that writes our notes. */
  from: string;
  /** Address of a service's page, as people outside reach it. */
  serviceUrl: (service: string) => string;
}) {
  const { stores } = deps;
  const key = (service: string) => `watch/${service}`;
  const noticesOf = async (service: string) =>
    (await stores.observations.get<ChangeNotice[]>('firebreak', key(service))).value ?? [];

  return async (): Promise<void> => {
    const now = deps.clock.now();
    const catalog = await deps.catalog();
    if (!catalog) return;
    for (const { value } of Object.values(await stores.observations.all<ChangeNotice[]>('firebreak', 'watch/')))
      await carryOn(value ?? [], now);
    const changes = await stores.changes.recent({ since: now - watchedMs, limit: 200 });
    const watched = changes
      .filter(isWatched)
      .flatMap((change) => slosOf(change, catalog).map((slo) => ({ change, slo })));
    if (watched.length === 0) return;
    // As stored: whichever engine evaluates an SLO has put its minutes there.
    const events = await storedEvents(
      stores.slos,
      watched.map(({ slo }) => slo),
      Math.floor(now / hourMs) - comparedHours,
    );
    for (const { change, slo } of watched) {
      const series = events.get(slo.id);
      if (!series) continue;
      const { settle } = slo;
      const objective = eventObjective(slo);
      const what = slo.indicator.kind === 'gauge' ? 'Bad minutes' : 'Failures';
      const rise = riseSince(series, { objective, changeAt: change.at, settleMs: settle, now, what });
      if (rise) await tell(catalog, change, slo, rise.text, now);
    }
  };

  function isWatched({ kind, environment }: Change): boolean {
    return ['flag', 'revision', 'traffic'].includes(kind) && (environment === null || environment === deps.environment);
  }

  async function tell(catalog: Catalog, change: Change, slo: Slo, text: string, now: number): Promise<void> {
    const known = await noticesOf(slo.service);
    const id = `${change.id}/${slo.id}`;
    if (known.some((notice) => notice.key === id)) return;
    const { title, target, kind, actor, at } = change;
    const notice: ChangeNotice = {
      key: id,
      at: now,
      change: { id: change.id, title, target, kind, actor, at },
      service: slo.service,
      slo: slo.id,
      sloTitle: slo.title,
      text,
      reversal: wayBack(change, catalog.flags, slo.id, deps.environment),
    };
    const kept = [notice, ...known.filter((other) => now - other.at < keptMs)];
    await stores.observations.saw('firebreak', key(slo.service), kept, now);
    await deps.notify('changes');
    await chat(catalog, notice);
    await write(notice, true);
  }

  /** To whoever can take it back: the flag's owners, else the service's. */
  async function chat(catalog: Catalog, { key: id, at, change, service, text }: ChangeNotice): Promise<void> {
    if (deps.mode !== 'act') return;
    const flag = change.kind === 'flag' ? catalog.flags.find(({ name }) => name === change.target) : undefined;
    const owners = flag?.owners ?? catalog.services.flatMap((one) => (one.id === service && one.owner) || []);
    const outbox = createOutboxStore(deps.db);
    for (const { name } of (catalog.endpoints ?? []).filter(({ use }) => use === 'chat')) {
      const dedupKey = `watch/${id}/${name}`;
      if (!owners.includes(name) || (await outbox.last(deps.db, dedupKey))) continue;
      const body: StoredChat = { endpoint: name, text: lineOf(change, text), link: deps.serviceUrl(service) };
      await outbox.enqueue(deps.db, { kind: 'chat', dedupKey, body, incident_id: null }, at);
    }
    await deps.notify('outbox');
  }

  /** An incident that opens after the notice has it in its timeline, too. */
  async function carryOn(notices: readonly ChangeNotice[], now: number): Promise<void> {
    for (const notice of notices) if (now - notice.at < carriedMs) await write(notice, false);
  }

  /** Into what people already look at, if the service has an incident. */
  async function write({ key: id, at, change, service, text }: ChangeNotice, fresh: boolean): Promise<void> {
    const open = await stores.incidents.open();
    const incident = open.find((one) => one.service === service || one.children.includes(service));
    if (!incident) return;
    const line = lineOf(change, text);
    const told = await stores.incidents.pagerDuty(incident.id);
    const outbox = createOutboxStore(deps.db);
    await deps.db.transaction().execute(async (tx) => {
      await recordTimeline(tx, incident.id, [
        { key: `watch/${id}`, at, kind: 'told', text: line, actor: change.actor },
      ]);
      if (!fresh || deps.mode !== 'act') return;
      for (const pagerDuty of told.filter(({ status }) => status !== 'resolved')) {
        const dedupKey = `watch/${id}/${pagerDuty.id}`;
        if (await outbox.last(tx, dedupKey)) continue;
        const body: StoredNote = { pagerDutyId: pagerDuty.id, text: `${noteMark}${line}`, from: deps.from };
        await outbox.enqueue(tx, { kind: 'pagerduty-note', dedupKey, body, incident_id: incident.id }, at);
      }
      await deps.notify('incidents', tx);
    });
  }
}

function lineOf({ title, actor }: ChangeNotice['change'], text: string): string {
  return `${title}${actor ? ` (${actor})` : ''}: ${text}`;
}

/** The SLOs that a change may hurt: those its flag declares, else those of its service. */
function slosOf(change: Change, catalog: Catalog): Slo[] {
  const flag = change.kind === 'flag' ? catalog.flags.find(({ name }) => name === change.target) : undefined;
  const declared = catalog.slos.filter(({ id }) => flag?.slos.includes(id));
  return declared.length > 0 ? declared : catalog.slos.filter(({ service }) => service === change.service);
}
