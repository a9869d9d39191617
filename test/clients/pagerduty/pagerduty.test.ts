import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PagerDutyEvent } from '#app/clients/pagerduty/port.ts';
import { createPagerDutyRead } from '#app/clients/pagerduty/read.server.ts';
import { createPagerDutyWrite } from '#app/clients/pagerduty/write.server.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { routingKey, start, startPagerDuty, type TestPagerDuty, token } from '#test/simulator/pagerduty/start.ts';

let pagerDuty: TestPagerDuty;
beforeEach(async () => {
  pagerDuty = await startPagerDuty();
});
afterEach(() => pagerDuty.stop());

const page = (change: Partial<PagerDutyEvent> = {}): PagerDutyEvent => ({
  action: 'trigger',
  dedupKey: 'firebreak/i1/page',
  routingKey,
  summary: 'Voiceover fails 2.6 % of requests (25.4×); voiceover-v2 moved',
  severity: 'critical',
  source: 'voiceover',
  links: [{ href: 'http://127.0.0.1:3000/incidents/i1', text: 'Open in Firebreak' }],
  details: { service: 'voiceover', burn: 25.4 },
  ...change,
});
const read = () => createPagerDutyRead(pagerDuty.address);
const write = () => createPagerDutyWrite(pagerDuty.address);

describe('events', () => {
  test('a trigger opens an incident on the service it names, found with its dedup key and on-call person', async () => {
    await write().sendEvent(page());
    const [incident, ...others] = await read().openIncidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      number: 1,
      title: 'Voiceover fails 2.6 % of requests (25.4×); voiceover-v2 moved',
      status: 'triggered',
      urgency: 'high',
      service: { id: 'PVOICE1', name: 'Voiceover' },
      alertKeys: ['firebreak/i1/page'],
      assignees: ['Ada'],
      createdAt: start,
      resolvedAt: null,
      escalatesAt: start + 600_000,
    });
    expect(await read().incident(incident?.id ?? '')).toEqual(incident);
  });

  test('the same key joins while open and makes a new incident after the resolve; resolving twice is quiet', async () => {
    await write().sendEvent(page());
    await write().sendEvent(page());
    expect(await read().openIncidents()).toHaveLength(1);
    await write().sendEvent(page({ action: 'resolve' }));
    await write().sendEvent(page({ action: 'resolve' }));
    expect(await read().openIncidents()).toEqual([]);
    await write().sendEvent(page());
    expect((await read().openIncidents()).map((incident) => incident.number)).toEqual([2]);
  });

  test('urgency rises with a graver alert and never falls', async () => {
    const urgency = async () => (await read().openIncidents())[0]?.urgency;
    await write().sendEvent(page({ severity: 'warning' }));
    expect(await urgency()).toBe('low');
    await write().sendEvent(page({ severity: 'critical' }));
    await write().sendEvent(page({ severity: 'info' }));
    expect(await urgency()).toBe('high');
  });

  test('a bad payload and a wrong key are refused with what is wrong', async () => {
    const refusal = (event: PagerDutyEvent) =>
      write()
        .sendEvent(event)
        .then(
          () => 'taken',
          (error) => error,
        );
    expect(await refusal(page({ summary: 'x'.repeat(1025) }))).toMatchObject({ answered: 400, reason: 'refused' });
    expect((await refusal(page({ routingKey: 'another' }))).message).toContain('Invalid routing key');
    expect(await read().openIncidents()).toEqual([]);
  });
});

describe('REST', () => {
  test('an acknowledgement needs a known person and is read back with who did it', async () => {
    await write().sendEvent(page());
    const id = (await read().openIncidents())[0]?.id ?? '';
    await expect(write().acknowledge(id, 'nobody@studio.example')).rejects.toThrow('Requester User Not Found');
    pagerDuty.clock.advance(120_000);
    await write().acknowledge(id, 'ada@studio.example');
    expect(await read().incident(id)).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: ['Ada'],
      escalatesAt: null,
      updatedAt: start + 120_000,
    });
    const log = await read().log(id);
    expect(log.map((entry) => [entry.kind, entry.by])).toEqual([
      ['triggered', null],
      ['assigned', null],
      ['notified', null],
      ['acknowledged', 'Ada'],
    ]);
  });

  test('notes are written, read, and stand in the log with their text', async () => {
    await write().sendEvent(page());
    const id = (await read().openIncidents())[0]?.id ?? '';
    const note = await write().addNote(id, 'voiceover-v2 is off', 'grace@studio.example');
    expect(await write().notes(id)).toEqual([{ id: note, text: 'voiceover-v2 is off', at: start }]);
    expect((await read().log(id)).find((entry) => entry.kind === 'note')).toMatchObject({
      by: 'Grace',
      text: 'voiceover-v2 is off',
    });
  });

  test('all pages of a long list are read', async () => {
    for (let i = 0; i < 130; i += 1) {
      pagerDuty.desk.create(
        { title: `incident ${i}`, urgency: 'low', service: 'PVOICE1', incidentKey: null },
        {
          id: 'UADA',
          type: 'user_reference',
          name: 'Ada',
        },
      );
    }
    expect(new Set((await read().openIncidents()).map((incident) => incident.id)).size).toBe(130);
  });

  test('who is on call comes by level with addresses', async () => {
    expect(await read().onCalls('PVOICE1')).toEqual([
      { person: 'Ada', email: 'ada@studio.example', level: 1, until: null },
      { person: 'Grace', email: 'grace@studio.example', level: 2, until: null },
    ]);
  });

  test('change events carry their service, links and details', async () => {
    const url = `${pagerDuty.url}/v2/change/enqueue`;
    const payload = {
      summary: 'Migration 0042 ran',
      source: 'studio-api',
      timestamp: new Date(start - 60_000).toISOString(),
      custom_details: { kind: 'migration' },
    };
    const links = [{ href: 'https://ci.studio.example/42', text: 'Build 42' }];
    const answer = await fetch(url, {
      method: 'POST',
      body: JSON.stringify({ routing_key: routingKey, payload, links }),
    });
    expect(answer.status).toBe(202);
    expect(await read().changeEvents(start - 3_600_000)).toEqual([
      {
        id: expect.any(String),
        summary: 'Migration 0042 ran',
        at: start - 60_000,
        service: 'PSTUDIO',
        source: 'studio-api',
        links,
        details: { kind: 'migration' },
      },
    ]);
    expect(await read().changeEvents(start)).toEqual([]);
  });

  test('an unknown incident is not found; a wrong token is refused', async () => {
    await expect(read().incident('QNONE')).rejects.toMatchObject({ code: 'not_found' });
    const stranger = createPagerDutyRead({ ...pagerDuty.address, token: `${token}x` });
    await expect(stranger.openIncidents()).rejects.toMatchObject({ code: 'unavailable', answered: 401 });
  });
});

describe('faults', () => {
  const impatient = () => createResilience({ system: 'PagerDuty', timeoutMs: 300, retries: 0 });

  test.each([
    ['500', 'server'],
    ['garbage', 'garbage'],
    ['reset', 'network'],
    ['stall', 'timeout'],
    ['429', 'timeout'],
  ] as const)('%s becomes a %s failure within the deadline', async (kind, reason) => {
    pagerDuty.faults.set('pagerduty', kind);
    const resilience = impatient();
    const failing = createPagerDutyRead(pagerDuty.address, resilience.read);
    await expect(failing.openIncidents()).rejects.toMatchObject({ code: 'unavailable', reason });
    const refusing = createPagerDutyWrite(pagerDuty.address, resilience.write);
    await expect(refusing.sendEvent(page())).rejects.toMatchObject({ code: 'unavailable', reason });
    pagerDuty.faults.set('pagerduty', 'none');
    expect(await read().openIncidents()).toEqual([]);
  });
});
