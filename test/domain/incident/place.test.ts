import { describe, expect, test } from 'vitest';
import { type Candidate, placeAlert } from '#app/domain/incident/place.ts';

const min = 60_000;
const t0 = Date.UTC(2026, 2, 2, 3, 0);
const services = [
  { id: 'api', dependsOn: ['voice', 'db'] },
  { id: 'voice', dependsOn: ['provider'] },
  { id: 'render', dependsOn: ['queue', 'store'] },
  { id: 'billing', dependsOn: ['db'] },
  { id: 'a', dependsOn: ['b'] },
  { id: 'b', dependsOn: ['a'] },
];
const incident = (change: Partial<Candidate> = {}): Candidate => ({
  id: 'i1',
  title: 'Voice',
  status: 'open',
  level: 'page',
  service: 'voice',
  slo: 'voice-availability',
  tier: 'page-fast',
  startedAt: t0,
  openedAt: t0 + 3 * min,
  pagedAt: null,
  resolvedAt: null,
  runbook: null,
  children: [],
  slos: ['voice-availability'],
  ...change,
});
const alert = (service: string, change: object = {}) => ({
  slo: `${service}-availability`,
  service,
  level: 'page' as const,
  startedAt: t0 + 2 * min,
  at: t0 + 6 * min,
  ...change,
});

describe('joining', () => {
  test('nothing stands: a new incident', () => {
    expect(placeAlert(alert('voice'), [], services)).toEqual({ kind: 'open' });
  });

  test('a service that depends on the burning one joins as its victim', () => {
    const placed = placeAlert(alert('api'), [incident()], services);
    expect(placed).toEqual({ kind: 'join', incident: 'i1', leads: false, via: 'voice' });
  });

  test('the cause that burns later takes the lead', () => {
    const victim = incident({ service: 'api', slo: 'api-availability', slos: ['api-availability'] });
    const placed = placeAlert(alert('voice'), [victim], services);
    expect(placed).toEqual({ kind: 'join', incident: 'i1', leads: true, via: 'voice' });
  });

  test('two that share a third join without a change of lead', () => {
    const other = incident({ service: 'billing', slo: 'billing-availability', slos: ['billing-availability'] });
    const placed = placeAlert(alert('api'), [other], services);
    expect(placed).toEqual({ kind: 'join', incident: 'i1', leads: false, via: 'db' });
  });

  test('nothing shared, or over 10 minutes apart: another cause', () => {
    expect(placeAlert(alert('render'), [incident()], services)).toEqual({ kind: 'open' });
    const at = (minutes: number) => placeAlert(alert('api', { startedAt: t0 + minutes * min }), [incident()], services);
    expect(at(10).kind).toBe('join');
    expect(at(11).kind).toBe('open');
    expect(at(-10).kind).toBe('join');
  });

  test('the same service joins whenever it burns, and leads an incident that had no SLO', () => {
    const late = alert('voice', { slo: 'voice-latency', startedAt: t0 + 50 * min, at: t0 + 55 * min });
    expect(placeAlert(late, [incident()], services)).toMatchObject({ kind: 'join', leads: false });
    expect(placeAlert(late, [incident({ slo: null, slos: [] })], services)).toMatchObject({
      kind: 'join',
      leads: true,
    });
  });

  test('services that depend on each other join, and the first keeps the lead', () => {
    const first = incident({ service: 'a', slo: 'a-availability', slos: ['a-availability'] });
    expect(placeAlert(alert('b'), [first], services)).toMatchObject({ kind: 'join', leads: false });
  });

  test('an incident without a known service takes nobody in', () => {
    expect(placeAlert(alert('voice'), [incident({ service: null, slo: null, slos: [] })], services).kind).toBe('open');
  });
});

describe('re-opening', () => {
  const over = incident({ status: 'resolved', resolvedAt: t0 });

  test('the same SLO within two hours, not later', () => {
    const again = (minutes: number) =>
      placeAlert(alert('voice', { startedAt: t0 + minutes * min, at: t0 + minutes * min }), [over], services);
    expect(again(120)).toEqual({ kind: 'reopen', incident: 'i1' });
    expect(again(121)).toEqual({ kind: 'open' });
  });

  test('another SLO of the service is new, and an open incident goes before an old one', () => {
    expect(placeAlert(alert('voice', { slo: 'voice-latency' }), [over], services)).toEqual({ kind: 'open' });
    const open = incident({ id: 'i2', service: 'api', slo: 'api-availability', slos: ['api-availability'] });
    expect(placeAlert(alert('voice'), [over, open], services)).toMatchObject({ kind: 'join', incident: 'i2' });
  });
});

describe('tickets', () => {
  const ticket = (service: string, change: object = {}) => alert(service, { level: 'ticket', ...change });
  const smoulders = (change: Partial<Candidate> = {}) => incident({ level: 'ticket', tier: 'ticket-slow', ...change });
  const over = { status: 'resolved' as const, resolvedAt: t0 - 60 * min };

  test('nothing stands: a ticket of its own; the next of its service joins that', () => {
    expect(placeAlert(ticket('voice'), [], services)).toEqual({ kind: 'open' });
    const late = { slo: 'voice-latency', startedAt: t0 + 600 * min, at: t0 + 700 * min };
    expect(placeAlert(ticket('voice', late), [smoulders()], services)).toMatchObject({ kind: 'join', leads: false });
  });

  test('a page that stands takes the ticket of its service in', () => {
    const own = smoulders({ id: 't1', slo: 'voice-latency', slos: ['voice-latency'] });
    const placed = placeAlert(ticket('voice', { slo: 'voice-latency' }), [own, incident()], services);
    expect(placed).toMatchObject({ kind: 'join', incident: 'i1' });
  });

  test('a ticket that rises becomes the page, unless a page of its cause stands', () => {
    expect(placeAlert(alert('voice'), [smoulders()], services)).toEqual({ kind: 'rise', incident: 'i1' });
    const page = incident({ id: 'p1', slo: 'voice-latency', slos: ['voice-latency'] });
    expect(placeAlert(alert('voice'), [smoulders(), page], services)).toMatchObject({ kind: 'join', incident: 'p1' });
  });

  test('a page never joins the ticket of another SLO, though it is of the same service', () => {
    const placed = placeAlert(alert('voice', { slo: 'voice-latency' }), [smoulders()], services);
    expect(placed).toEqual({ kind: 'open' });
  });

  test('what burns on for two hours after a page is its remainder; a ticket that is over is opened again', () => {
    expect(placeAlert(ticket('voice'), [incident(over)], services)).toEqual({ kind: 'wait' });
    expect(placeAlert(ticket('voice', { at: t0 + 61 * min }), [incident(over)], services)).toEqual({ kind: 'open' });
    expect(placeAlert(ticket('voice'), [smoulders(over)], services)).toEqual({ kind: 'reopen', incident: 'i1' });
    expect(placeAlert(alert('voice'), [smoulders(over)], services)).toEqual({ kind: 'reopen', incident: 'i1' });
  });
});
