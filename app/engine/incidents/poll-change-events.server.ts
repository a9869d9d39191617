import type { PagerDutyChangeEvent } from '../../clients/pagerduty/port.ts';
import type { Change, ChangeKind } from '../../domain/change/change.ts';
import type { Service } from '../../domain/service/service.ts';
import type { ChangeStore } from '../../stores/stores.ts';
import { messageOf, type SyncDeps } from './sync-pagerduty.server.ts';

/** The first read looks back this far; later ones overlap the last by `overlap`, for events that arrive late. */
const firstLook = 24 * 3_600_000;
const overlap = 15 * 60_000;

/** Reads the change events that other tools sent to PagerDuty and records each once. */
export async function pollChangeEvents(
  deps: Pick<SyncDeps, 'pagerDuty' | 'observations' | 'catalog' | 'clock' | 'log'> & {
    changes: Pick<ChangeStore, 'record'>;
  },
): Promise<void> {
  const readAt = deps.clock.now();
  try {
    const last = (await deps.observations.get('pagerduty', 'changes')).at;
    const services = (await deps.catalog())?.services ?? [];
    const events = await deps.pagerDuty.changeEvents(last === null ? readAt - firstLook : last - overlap);
    let recorded = 0;
    for (const event of events) if (await deps.changes.record(toChange(event, services))) recorded += 1;
    await deps.observations.saw('pagerduty', 'changes', { recorded }, readAt);
  } catch (error) {
    deps.log.warn({ err: error }, 'PagerDuty change events could not be read');
    await deps.observations.failed('pagerduty', 'changes', messageOf(error), deps.clock.now());
  }
}

const kinds: readonly string[] = ['migration', 'secret', 'terraform', 'dns', 'config'] satisfies ChangeKind[];

function toChange(event: PagerDutyChangeEvent, services: readonly Service[]): Omit<Change, 'id'> {
  const detail = (name: string) => {
    const value = event.details[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const kind = detail('kind');
  return {
    source: 'pagerduty',
    externalId: event.id,
    kind: kind !== null && kinds.includes(kind) ? (kind as ChangeKind) : 'other',
    at: event.at,
    service: services.find((service) => service.pagerDutyService === event.service)?.id ?? null,
    environment: detail('environment'),
    target: detail('target') ?? event.source ?? event.id,
    title: event.summary,
    actor: detail('author'),
    commit: detail('commit'),
    url: event.links.find((link) => /^https?:\/\//.test(link.href))?.href ?? null,
    before: null,
    after: Object.keys(event.details).length > 0 ? event.details : null,
  };
}
