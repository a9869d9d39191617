import type { z } from 'zod';
import type { PagerDutyIncident } from '../../domain/incident/incident.ts';
import { type PagerDutyAddress, pagerDutyRequest } from './http.server.ts';
import type { PagerDutyRead } from './port.ts';
import {
  alertsSchema,
  changeEventsSchema,
  incidentSchema,
  incidentsSchema,
  logSchema,
  onCallsSchema,
  pageSchema,
  serviceSchema,
  toIncident,
  toLogEntry,
} from './wire.ts';

/** How a read is guarded: `Resilience.read`, or the plain call. */
export type ReadGuard = <T>(fn: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal) => Promise<T>;
type Query = Record<string, string | string[]>;

const unguarded: ReadGuard = (fn, signal) => fn(signal ?? new AbortController().signal);
const pageSize = 100;
/** PagerDuty answers no page beyond offset + limit = 10,000. */
const furthest = 10_000;
const alertReadsAtOnce = 4;

/** Reads PagerDuty's REST API v2. Each request is guarded by itself, so that a long list is not one timeout. */
export function createPagerDutyRead(address: PagerDutyAddress, read: ReadGuard = unguarded): Required<PagerDutyRead> {
  const get = <S extends z.ZodType>(
    path: string,
    schema: S,
    query: Query,
    signal?: AbortSignal,
  ): Promise<z.output<S>> =>
    read(async (inner) => {
      const body = await pagerDutyRequest(`${address.apiUrl}${path}`, address.token, { query, signal: inner });
      return schema.parse(body);
    }, signal);

  async function list<S extends z.ZodType, T>(
    path: string,
    schema: S,
    items: (page: z.output<S>) => T[],
    query: Query,
    signal?: AbortSignal,
  ): Promise<T[]> {
    const all: T[] = [];
    for (let offset = 0; offset + pageSize <= furthest; offset += pageSize) {
      const window = { ...query, limit: String(pageSize), offset: String(offset) };
      const page = await get(path, pageSchema, window, signal);
      all.push(...items(schema.parse(page)));
      if (!page.more) break;
    }
    return all;
  }

  async function alertKeys(id: string, signal?: AbortSignal): Promise<string[]> {
    const alerts = await list(`${incidentPath(id)}/alerts`, alertsSchema, (page) => page.alerts, {}, signal);
    return alerts.flatMap((alert) => alert.alert_key ?? []);
  }

  return {
    async incident(id, signal) {
      const { incident } = await get(incidentPath(id), incidentSchema, {}, signal);
      return toIncident(incident, await alertKeys(incident.id, signal));
    },
    async openIncidents(signal) {
      const query = { 'statuses[]': ['triggered', 'acknowledged'], date_range: 'all', sort_by: 'created_at:desc' };
      const open = await list('/incidents', incidentsSchema, (page) => page.incidents, query, signal);
      const result: PagerDutyIncident[] = [];
      for (let start = 0; start < open.length; start += alertReadsAtOnce) {
        const some = open.slice(start, start + alertReadsAtOnce);
        result.push(...(await Promise.all(some.map(async (one) => toIncident(one, await alertKeys(one.id, signal))))));
      }
      return result;
    },
    async onCalls(serviceId, signal) {
      const { service } = await get(`/services/${encodeURIComponent(serviceId)}`, serviceSchema, {}, signal);
      const query = { 'escalation_policy_ids[]': [service.escalation_policy.id], 'include[]': ['users'] };
      const found = await list('/oncalls', onCallsSchema, (page) => page.oncalls, query, signal);
      return found
        .map(({ user, escalation_level, end }) => ({
          person: user.name ?? user.summary ?? user.id,
          email: user.email ?? null,
          level: escalation_level,
          until: end,
        }))
        .sort((a, b) => a.level - b.level);
    },
    async changeEvents(since, signal) {
      const query = { since: new Date(since).toISOString() };
      const found = await list('/change_events', changeEventsSchema, (page) => page.change_events, query, signal);
      return found.map((event) => ({
        id: event.id,
        summary: event.summary,
        at: event.timestamp,
        service: event.services[0]?.id ?? null,
        source: event.source ?? null,
        links: (event.links ?? []).map(({ href, text }) => ({ href, text: text ?? href })),
        details: event.custom_details ?? {},
      }));
    },
    async log(id, signal) {
      const query = { 'include[]': ['channels'] };
      const found = await list(`${incidentPath(id)}/log_entries`, logSchema, (page) => page.log_entries, query, signal);
      // Newest first; turned round before sorting, so that entries of one moment keep their order.
      return found
        .reverse()
        .map(toLogEntry)
        .sort((a, b) => a.at - b.at);
    },
  };
}

function incidentPath(id: string): string {
  return `/incidents/${encodeURIComponent(id)}`;
}
