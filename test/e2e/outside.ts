import { expect } from 'vitest';
import type { Studio } from '#test/support/studio.ts';
import { patience } from './house.ts';

/** An incident as PagerDuty's REST API gives it, as far as tests look. */
export interface PagerDutyIncident {
  id: string;
  html_url: string;
  incident_number: number;
  title: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  /** Low for tickets, which wake nobody. */
  urgency: 'high' | 'low';
}

/** PagerDuty's incidents, the latest first. */
export async function pagerDutyIncidents(studio: Studio): Promise<PagerDutyIncident[]> {
  const { incidents } = (await pagerDuty(studio, '/incidents?limit=100&sort_by=created_at:desc')) as {
    incidents: PagerDutyIncident[];
  };
  return incidents;
}

/** The one incident that PagerDuty holds open and wakes somebody with, waited for: the engine may still be on its way to it. */
export async function thePage(studio: Studio): Promise<PagerDutyIncident> {
  const open = async () =>
    (await pagerDutyIncidents(studio)).filter(({ status, urgency }) => status !== 'resolved' && urgency === 'high');
  await expect.poll(open, { timeout: patience, message: 'one open incident in PagerDuty' }).toHaveLength(1);
  return (await open())[0]!;
}

/** Path of the link into Firebreak that a PagerDuty incident carries. */
export async function firebreakLink(studio: Studio, { id }: PagerDutyIncident): Promise<string> {
  const { alerts } = (await pagerDuty(studio, `/incidents/${id}/alerts`)) as {
    alerts: { body: { contexts: { type: string; href: string }[] } }[];
  };
  return new URL(alerts[0]!.body.contexts.find(({ type }) => type === 'link')!.href).pathname;
}

async function pagerDuty(studio: Studio, path: string): Promise<unknown> {
  const { PAGERDUTY_API_URL, PAGERDUTY_API_TOKEN } = studio.world.consoleEnv;
  const headers = { authorization: `Token token=${PAGERDUTY_API_TOKEN}` };
  const response = await fetch(`${PAGERDUTY_API_URL}${path}`, { headers });
  if (!response.ok) throw new Error(`PagerDuty answered ${response.status} to ${path}`);
  return response.json();
}

/** A flag in production as Unleash itself keeps it: on or off, and the percentage of its rollout. */
export async function flagInUnleash(
  studio: Studio,
  flag: string,
  environment = 'production',
): Promise<{ enabled: boolean; rollout: number }> {
  const { url, adminToken } = studio.world.unleash;
  const response = await fetch(`${url}/api/admin/projects/default/features/${flag}/environments/${environment}`, {
    headers: { authorization: adminToken },
  });
  const found = (await response.json()) as {
    enabled: boolean;
    strategies: { name: string; parameters: { rollout?: string } }[];
  };
  return { enabled: found.enabled, rollout: Number(found.strategies[0]?.parameters.rollout) };
}

/** The share of its evaluations (0 to 1) in which a service's real SDKs said yes in the minute that runs; null before any. */
export async function exposure(studio: Studio, service: string, flag: string): Promise<number | null> {
  return (await simulated(studio, service)).exposures[flag] ?? null;
}

/** The revisions that a service's requests of the minute that runs went to, with their shares of 0 to 1. */
export async function traffic(studio: Studio, service: string): Promise<{ revision: string; share: number }[]> {
  return (await simulated(studio, service)).traffic.filter(({ share }) => share > 0);
}

interface SimulatedService {
  service: string;
  exposures: Record<string, number>;
  traffic: { revision: string; share: number }[];
}

async function simulated(studio: Studio, service: string): Promise<SimulatedService> {
  const { services } = (await studio.sim('GET', '/sim/state')) as { services: SimulatedService[] };
  const found = services.find((one) => one.service === service);
  if (!found) throw new Error(`The simulator runs no ${service}.`);
  return found;
}

/** How often an event of this type stands in Unleash's own audit of a flag in production. */
export async function timesInUnleash(studio: Studio, flag: string, type: string): Promise<number> {
  const { url, adminToken } = studio.world.unleash;
  const query = `feature=IS:${flag}&type=IS:${type}&environment=IS:production&limit=1`;
  const response = await fetch(`${url}/api/admin/search/events?${query}`, { headers: { authorization: adminToken } });
  return ((await response.json()) as { total: number }).total;
}
