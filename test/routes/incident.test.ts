import { describe, expect, test } from 'vitest';
import type { SuspectList } from '#app/domain/change/change.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, now, type World } from '../support/pages/world.ts';

const page = '/incidents/inc-1';

describe('the incident page of a bad flag', () => {
  test('says how bad it is, with figures that agree', async () => {
    const { status, text } = await visit(page, burningWorld());
    expect(status).toBe(200);
    expect(text).toContain('1 request in 38 fails: burning 26.2×.');
    expect(text).toContain('Last 5 min 26.2× 122 of 4,655');
    expect(text).toContain('started 02:44');
    expect(text).toContain('escalates');
  });

  test('says when the page reached nobody, and so does the overview', async () => {
    const world = burningWorld();
    const error = 'Event object is invalid: routing_key';
    world.incidents[0]!.pageTrouble = { kind: 'refused', error, since: now - 60_000 };
    for (const path of [page, '/']) {
      const { text } = await visit(path, world);
      expect(text).toContain(`PagerDuty refused this page: ${error}. Nobody was paged by it.`);
    }
  });

  test('says that nobody was paged only where that is known', async () => {
    const head = async (world: World) => (await visit(page, world)).text;
    const world = { ...burningWorld(), pagerDuty: {} };
    world.incidents[0]!.pagedAt = null;
    expect(await head(world)).toContain('42 min ago the page is being sent');
    const slo = world.catalog!.slos.find(({ id }) => id === 'voiceover-availability')!;
    slo.paging = 'cloud-monitoring';
    const text = await head(world);
    expect(text).toContain('Cloud Monitoring pages for this: no PagerDuty incident of it was read');
    expect(text).not.toContain('nobody was paged');
    slo.paging = 'shadow';
    expect(await head(world)).toContain('nobody was paged: its paging is set to shadow');
    expect(await head({ ...world, pagerDuty: burningWorld().pagerDuty })).toContain('paged 03:24');
  });

  test('puts the likeliest cause with its safe reversal before what fails and before the runbook', async () => {
    const { text } = await visit(page, burningWorld());
    const order = [
      'Budget left',
      'What changed, likeliest first',
      'voiceover-v2 rolled out 5 → 25 %',
      'What fails',
      'Runbook ·',
    ];
    const places = order.map((each) => text.indexOf(each));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text).toContain('fails 1,389 of 13,450 with it on, 10 of 40,350 off');
  });

  test('shows the prepared plan with diff, preconditions, undo and hash before its button', async () => {
    const { text, html } = await visit(page, burningWorld());
    expect(text).toContain('on · 25 % of users by userId');
    expect(text).toMatch(/Undo Turns it on again for 25 % of users by userId\..*Turn off and verify/);
    expect(html).toContain('name="hash" value="a1b2c3d4e5f60718"');
    // The reversal is the same step: its button leads to it and opens no second run.
    expect(html).toContain('href="#step-kill-flag"');
  });

  test('says what to expect after the way back in words that fit a revision and a flag that is safe when on', async () => {
    const world = burningWorld();
    const list = world.observations['firebreak suspects/inc-1']!.value as SuspectList;
    for (const suspect of list.suspects) suspect.expectedBurn = 0.3;
    const { text } = await visit(page, world);
    expect(text).toMatch(
      /voiceover-00042 took 100 % of traffic[^×]*nothing moved then · after the way back: about 0\.3×/,
    );
    expect(text).not.toContain('off again');
  });

  test('draws the chart with its changes and gives the same as a table', async () => {
    const { html } = await visit(page, burningWorld());
    expect(html).toMatch(/aria-label="Burn rate of voiceover availability[^"]*voiceover-v2 5 → 25 % at 02:41/);
    expect(html.match(/<svg class="chart/g)).toHaveLength(2);
    expect(html).toContain('The same as a table');
  });

  test('gives each panel its own age', async () => {
    const { text } = await visit(page, burningWorld());
    expect(text).toContain('What changed, likeliest first 4 s ago');
    expect(text).toContain('What fails 38 s ago');
  });
});

describe('acting from it', () => {
  test('a reversal opens a run from the stored suspect, never from fields of the form', async () => {
    const world = { ...burningWorld(), runs: [] };
    const { status, told } = await visit(page, world, {
      form: { intent: 'reverse', change: 'c-flag', template: 'template:flag.restore', flag: 'other' },
    });
    expect(status).toBe(303);
    expect(told).toEqual([
      {
        what: 'openRun',
        with: {
          template: 'template:flag.kill',
          inputs: { flag: 'voiceover-v2', environment: 'production', slo: 'voiceover-availability' },
          incidentId: 'inc-1',
          service: 'voiceover',
          by: 'ada@studio.example',
        },
      },
    ]);
  });

  test('a change that is no suspect opens nothing, and the page says why', async () => {
    const { status, text, told } = await visit(page, burningWorld(), { form: { intent: 'reverse', change: 'c-none' } });
    expect(status).toBe(404);
    expect(text).toContain('This change is no longer among the suspects.');
    expect(told).toEqual([]);
  });

  test('a viewer sees disabled buttons that say why, and may post nothing', async () => {
    const seen = await visit(page, { ...burningWorld(), runs: [] }, { as: 'viewer' });
    expect(seen.text).toContain('Viewers read; a responder acts.');
    const posted = await visit(page, burningWorld(), { as: 'viewer', form: { intent: 'reverse', change: 'c-flag' } });
    expect(posted.status).toBe(403);
    expect(posted.told).toEqual([]);
  });

  test('an old sign-in asks for the password again and comes back', async () => {
    const { status, location, told } = await visit(page, burningWorld(), {
      form: { intent: 'reverse', change: 'c-flag' },
      signedInAgo: 11 * 60_000,
    });
    expect(status).toBe(303);
    expect(location).toBe('/sign-in?again=1&next=%2Fincidents%2Finc-1');
    expect(told).toEqual([]);
  });

  test('a stranger is sent to the sign-in', async () => {
    expect((await visit(page, burningWorld(), { as: null })).status).toBe(302);
  });

  test('an incident that does not exist is not found', async () => {
    const { status, text } = await visit('/incidents/none', burningWorld());
    expect(status).toBe(404);
    expect(text).toContain('There is no incident with this address.');
  });
});

describe('the link of a PagerDuty incident', () => {
  test('leads to our incident', async () => {
    const { status, location } = await visit('/pagerduty/incidents/Q2H7', burningWorld());
    expect([status, location]).toEqual([302, '/incidents/inc-1']);
  });

  test('asks for one that no webhook brought, says so and comes again', async () => {
    const { status, text, html, told } = await visit('/pagerduty/incidents/QNEW1', burningWorld());
    expect(status).toBe(200);
    expect(text).toContain('Reading PagerDuty incident QNEW1');
    expect(html).toContain('http-equiv="refresh"');
    expect(told).toEqual([{ what: 'askFor', with: 'QNEW1' }]);
  });

  test('says so when PagerDuty knows no such incident, and asks again only when told to', async () => {
    const world = burningWorld();
    const at = world.now - 5_000;
    world.observations['pagerduty incident/QNOBODY'] = { value: { found: false }, at, error: null, errorAt: null };
    const { text, html, told } = await visit('/pagerduty/incidents/QNOBODY', world);
    expect(text).toContain('PagerDuty knows no incident QNOBODY');
    expect(html).not.toContain('http-equiv="refresh"');
    expect(told).toEqual([]);
    const again = await visit(`/pagerduty/incidents/QNOBODY?seen=${at}`, world);
    expect(again.text).toContain('Reading PagerDuty incident QNOBODY');
    expect(again.told).toEqual([{ what: 'askFor', with: 'QNOBODY' }]);
  });

  test('says that PagerDuty does not answer, and keeps trying', async () => {
    const world = burningWorld();
    const error = 'PagerDuty did not answer within 5 s';
    world.observations['pagerduty incident/QNEW1'] = { value: null, at: null, error, errorAt: world.now };
    const { text, html } = await visit('/pagerduty/incidents/QNEW1', world);
    expect(text).toContain(error);
    expect(html).toContain('http-equiv="refresh"');
  });
});
