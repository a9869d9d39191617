import { describe, expect, test } from 'vitest';
import type { Silence } from '#app/domain/silence/silence.ts';
import { type Visit, visit } from '../support/pages/visit.ts';
import { burningWorld, now, type World } from '../support/pages/world.ts';

const hour = 3_600_000;

function silence(change: Partial<Silence> = {}): Silence {
  return {
    ...{ id: 'silence-1', scope: 'service', target: 'voiceover', reason: 'Load test of the voice model' },
    ...{ by: 'Ada Byron', byEmail: 'ada@studio.example', from: now - hour, until: now + hour },
    ...{ endedAt: null, endedBy: null, ...change },
  };
}

function silenced(...silences: Silence[]): World {
  return { ...burningWorld(), silences };
}

const get = (path: string, world = silenced(silence())): Promise<Visit> => visit(path, world);
const post = (form: Record<string, string>, world = silenced(silence())) => visit('/silences', world, { form });
const typed = {
  intent: 'silence',
  what: 'slo/voiceover-availability',
  end: '1h',
  at: '',
  zone: 'UTC',
  reason: 'Load test',
};

describe('the page of silences', () => {
  test('offers what burns, services and sources, each with how many SLOs it covers before it is made', async () => {
    const { text } = await get('/silences');
    expect(text).toContain('1 SLO, 1 alerting: voiceover availability');
    expect(text).toContain('2 SLOs, 1 alerting: service voiceover');
    expect(text).toContain('3 SLOs, 1 alerting: everything of film-studio');
  });

  test('asked about one SLO it offers that first, then what is wider', async () => {
    const { html } = await get('/silences?slo=studio-api-availability');
    expect([...html.matchAll(/<option value="(\w+\/[^"]+)"/g)].map(([, value]) => value)).toEqual([
      ...['slo/studio-api-availability', 'service/studio-api', 'source/film-studio'],
    ]);
  });

  test('asked about what is in no catalog any more it offers what there is', async () => {
    const { text } = await get('/silences?slo=gone');
    expect(text).toContain('2 SLOs, 1 alerting: service voiceover');
  });

  test('lists those in force and those over, each with its own address', async () => {
    const over = silence({ id: 'silence-0', until: now - 60_000, reason: 'Migration' });
    const { text, html } = await get('/silences', silenced(silence(), over));
    expect(text).toMatch(
      /In force service voiceover Load test of the voice model · by Ada Byron.*2 SLOs.*Over .*Migration/,
    );
    expect(html).toContain('href="/silences/silence-1"');
    expect((await get('/silences/silence-1')).text).toContain(
      'What it covers voiceover availability voiceover latency',
    );
    expect((await get('/silences/nothing')).status).toBe(404);
  });

  test('keeps what was typed where it is refused, and says why at its field', async () => {
    const { status, html, text, told } = await post({
      ...typed,
      end: 'at',
      at: '2026-12-24T09:00',
      zone: 'Asia/Tokyo',
    });
    expect([status, told]).toEqual([400, []]);
    expect(text).toContain('At most 7 days from now');
    expect(html).toContain('value="2026-12-24T09:00"');
    expect(html).toMatch(/name="zone" value="Asia\/Tokyo"/);
    expect(html).toMatch(/name="reason"[^>]*value="Load test"/);
    expect((await post({ ...typed, what: 'slo/gone' })).text).toContain('Nothing of this name is in the catalog.');
  });

  test('makes, extends and ends', async () => {
    const made = await post(typed);
    expect([made.status, made.location]).toEqual([303, '/silences#silence-new']);
    expect(made.told).toEqual([
      {
        what: 'silence',
        with: {
          scope: 'slo',
          target: 'voiceover-availability',
          until: now + hour,
          reason: 'Load test',
          by: 'ada@studio.example',
        },
      },
    ]);
    const extended = await post({ intent: 'extend', id: 'silence-1', end: '4h', at: '', zone: '' });
    expect(extended.told).toEqual([
      { what: 'extend', with: { id: 'silence-1', until: now + 5 * hour, by: 'ada@studio.example' } },
    ]);
    expect((await post({ intent: 'end', id: 'silence-1' })).status).toBe(303);
    expect((await post({ intent: 'end', id: 'gone' })).status).toBe(409);
    const past = silenced(silence({ until: now - 1 }));
    expect((await post({ intent: 'extend', id: 'silence-1', end: '1h', at: '', zone: '' }, past)).status).toBe(409);
  });

  test('a viewer reads, and sees why not more', async () => {
    const { text, html } = await visit('/silences', silenced(silence()), { as: 'viewer' });
    expect(text).toContain('Viewers read; a responder acts.');
    expect(html).not.toContain('Silence it');
  });
});

describe('where it matters', () => {
  test('the incident says that it would have paged, by whom it is silenced, until when and why', async () => {
    const world = silenced(silence());
    world.incidents[0]!.pagedAt = null;
    world.pagerDuty = {};
    const { text } = await get('/incidents/inc-1', world);
    expect(text).toContain(
      'Would have told somebody, but it is silenced by Ada Byron until 04:26: Load test of the voice model',
    );
    expect(text).toContain('nobody was paged: it is silenced');
  });

  test('a page that was sent before stands, and an incident that burns in part is silenced in part', async () => {
    expect((await get('/incidents/inc-1')).text).toContain('Somebody was told before; it is now silenced by Ada Byron');
    const world = silenced(silence({ scope: 'slo', target: 'voiceover-availability' }));
    const [one] = world.incidents;
    const alert = { service: 'voiceover', tier: 'page-fast' as const, peakTier: 'page-fast' as const, openedAt: now };
    world.alerts = {
      'inc-1': ['voiceover-availability', 'voiceover-latency'].map((slo) => ({
        ...alert,
        ...{ id: slo, slo, clearedAt: null, incidentId: one!.id },
      })),
    };
    expect((await get('/incidents/inc-1', world)).text).toContain('A part of what burns is silenced by Ada Byron');
  });

  test('the overview, the list and the pages of SLO and service say it calmly, and only while it stands', async () => {
    for (const path of ['/', '/slos/voiceover-latency', '/services/voiceover']) {
      expect((await get(path)).text).toContain('Silenced now all → service voiceover, until 04:26');
    }
    for (const path of ['/', '/slos', '/services/voiceover']) {
      expect((await get(path)).text.match(/silenced until 04:26/g)).toHaveLength(2);
    }
    const { text } = await get('/', silenced(silence({ until: now - 1 })));
    expect(text).not.toMatch(/silenced/i);
    expect((await get('/slos/studio-api-availability')).text).not.toContain('Silenced now');
  });
});
