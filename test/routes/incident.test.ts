import { describe, expect, test } from 'vitest';
import type { SuspectList } from '#app/domain/change/change.ts';
import { blind } from '../support/pages/blind.ts';
import { openReceipt } from '../support/pages/runs.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, now, type World } from '../support/pages/world.ts';
import {
  actingWorld,
  blackoutWorld,
  doubtfulWorld,
  noSloWorld,
  stormWorld,
  strangerWorld,
  unexplainedWorld,
  verifiedWorld,
} from '../support/pages/worlds.ts';

const page = '/incidents/inc-1';
const minute = 60_000;

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

describe('its other states', () => {
  test('nothing of ours explains it: runbook and help take the main place, no innocent change does', async () => {
    const { text, html } = await visit(page, unexplainedWorld());
    expect(text).toContain('Nothing of ours explains this');
    expect(text).toContain('Open runbook Get help');
    expect(html).not.toMatch(/class="btn go[^"]*"[^>]*>Route back/);
  });

  test('after an action: what is drawn is from before the change, and the first proof is counted down', async () => {
    const { text } = await visit(page, actingWorld());
    expect(text).toContain('Everything drawn here is from before your change at 03:24.');
    expect(text).toContain('first proof in 8 min');
    expect(text).toContain('Done by Ada Byron: see it');
    expect(text).toContain('Left behind: voiceover-v2 is off in production');
  });

  test('verified and resolved', async () => {
    const { text } = await visit(page, verifiedWorld());
    expect(text).toContain('Resolved');
    expect(text).toContain('verified: improved');
    expect(text).toContain('The page has cleared.');
    expect(text).not.toContain('Acknowledge ');
  });

  test('once resolved it says what it was, and nothing in it burns', async () => {
    const { text, html } = await visit(page, verifiedWorld());
    expect(text).toContain('It lasted 54 min, until 03:08. Now voiceover availability burns 0× over the last 5 min.');
    expect(text).toMatch(
      /Failed 1,0\d\d of 5\d,\d{3} Worst 5 min 2\d(\.\d)?× to 02:\d\d Cost \d+ % of the month's budget/,
    );
    expect(text).toContain('Budget left now');
    expect(html).not.toContain('text-ember');
    expect(html).not.toMatch(/class="btn go/);
    const lines = html.match(/class="(?:line|area)[^"]*"/g)!;
    expect(lines.filter((each) => !each.includes('calm'))).toEqual([]);
  });

  test('resolved while a verification runs it says so, and until when', async () => {
    const world = verifiedWorld();
    world.runs = actingWorld().runs;
    const { text } = await visit(page, world);
    expect(text).toContain('It lasted 54 min, until 03:08.');
    expect(text).toContain(
      'Not yet proven: the verification of Bring voiceover-v2 to off in production still runs until 03:39 at the latest.',
    );
    expect((await visit(page, verifiedWorld())).text).not.toContain('Not yet proven');
  });

  test('once resolved, what changed and what failed stand as of its end: old, and not stale', async () => {
    const world = verifiedWorld();
    for (const read of Object.values(world.observations)) Object.assign(read, { error: 'no answer', errorAt: now });
    const { text } = await visit(page, world);
    expect(text).toContain('What changed, likeliest first as of 03:08');
    expect(text).toContain('What failed as of 03:06');
    expect(text).not.toMatch(/What (changed|failed)[^!]*stale[^!]*Runbook ·/);
  });

  test('once resolved it does not show what a later incident of the same SLO fails with', async () => {
    const world = verifiedWorld();
    world.observations['cloud-monitoring failures/voiceover-availability']!.at = now;
    world.observations['cloud-logging loglines/voiceover']!.at = now;
    const { text } = await visit(page, world);
    expect(text).toContain('What failed Nothing kept');
    expect(text).not.toContain('voice model');
  });

  test('blackout: last known figures with their age, and who does not answer', async () => {
    const { text } = await visit(page, blackoutWorld());
    expect(text).toContain('Cloud Monitoring does not answer: deadline exceeded');
    expect(text).toContain('last known figures, 13 min old');
    expect(text).toContain('stale · 9 min');
    expect(text).toContain('Ada Byron');
    expect(text).toContain('Turn off and verify');
  });

  test('where Prometheus counts, it is Prometheus that does not answer', async () => {
    const world = blackoutWorld();
    const count = { selector: 'x_total' };
    const indicator = { kind: 'prometheus', counted: 'bad', total: count, part: count, source: 's', url: 'u' } as const;
    const slos = world.catalog!.slos.map((slo) => ({ ...slo, indicator }));
    const { text } = await visit(page, { ...world, catalog: { ...world.catalog!, slos } });
    expect(text).toContain('Prometheus does not answer: deadline exceeded');
    expect(text).not.toContain('Cloud Monitoring does not answer');
  });

  test.each([
    [
      'cloud-monitoring failures',
      /What fails ! stale · 9 min/,
      'Cloud Monitoring does not answer: no answer within 5 s',
    ],
    [
      'cloud-logging loglines',
      /in the logs since 02:44 ! stale · 9 min/,
      'Cloud Logging does not answer: no answer within 5 s',
    ],
    ['pagerduty oncall', /On call [^!]{0,40}! stale · 9 min/, 'PagerDuty does not answer: no answer within 5 s'],
    [
      'firebreak suspects',
      /likeliest first ! stale · 9 min/,
      'The weighing of changes does not answer: no answer within 5 s',
    ],
  ])('%s alone out of reach: its part says so with its age, and all others stay fresh', async (source, stale, why) => {
    const world = burningWorld();
    for (const [key, read] of Object.entries(world.observations)) {
      if (!key.startsWith(source)) continue;
      world.observations[key] = { ...read, at: now - 9 * 60_000, error: 'no answer within 5 s', errorAt: now };
    }
    const { status, text } = await visit(page, world);
    expect(status).toBe(200);
    expect(text).toMatch(stale);
    expect(text).toContain(why);
    expect([text.match(/stale ·/g)?.length, text.match(/does not answer/g)?.length]).toEqual([1, 1]);
    expect(text).toContain('voice model "v2-large" not found');
    expect(text).toContain('Turn off and verify');
  });

  test('a service that the catalog does not know still gets a useful page', async () => {
    const { status, text } = await visit(page, strangerWorld());
    expect(status).toBe(200);
    expect(text).toContain("PagerDuty's service “Render farm” is not in the catalog.");
    expect(text).toContain('firebreak.dev/pagerduty-service: PXYZ9');
    expect(text).toContain('What changed anywhere');
  });

  test('blind: for how long, what was told when, and no words of a service that there is not', async () => {
    const world = strangerWorld();
    const told = 'Until it sees again 3 SLOs are unwatched, and no alert fires or clears.';
    world.timeline.push({ at: now - 5 * minute, kind: 'alert', text: told, actor: null, href: null });
    world.incidents[0]!.startedAt = now - 18 * minute;
    world.timeline = world.timeline.filter((entry) => entry.kind !== 'alert' || entry.text === told);
    const { text } = await visit(page, world);
    expect(text).toContain(`Blind for 18 min. Told at 03:21: ${told}`);
    expect(text).not.toContain('Link the service');
    Object.assign(world.incidents[0]!, { status: 'resolved', resolvedAt: now - 3 * minute });
    expect((await visit(page, world)).text).toContain('It lasted 15 min, until 03:23.');
  });

  test('traffic that vanished is called that, and no burn', async () => {
    const world = burningWorld();
    world.histories['voiceover-availability']!.evaluation.condition = 'traffic-vanished';
    for (const path of [page, '/incidents', '/']) {
      const { text } = await visit(path, world);
      expect(text).toContain('Page · traffic vanished');
      expect(text).not.toContain('Page · fast burn PagerDuty');
      expect(text).not.toMatch(/started (02:44|42 min ago)[^·]{0,20}▲ Page · fast burn/);
    }
  });

  test('a known service whose SLOs are blind: calm is claimed only of what is known', async () => {
    const since = now - 20 * 60_000;
    const some = await visit(page, blind(noSloWorld(), since, 'voiceover-availability'));
    expect(some.text).toContain(
      'Whether voiceover burns is not known: 1 of 2 SLOs is blind, the rest does not burn at a page tier. No data since 03:06. The highest is voiceover latency at',
    );
    expect(some.text).toContain('voiceover availability not known');
    const all = await visit(page, blind(noSloWorld(), since, 'voiceover-availability', 'voiceover-latency'));
    expect(all.text).toContain('Whether voiceover burns is not known: all 2 of its SLOs are blind.');
    const dead = await visit(page, { ...noSloWorld(), now: now + 30 * 60_000 });
    expect(dead.text).toContain('all 2 of its SLOs are blind. No data of all of them since 03:22.');
    for (const { text } of [some, all, dead]) expect(text).not.toContain('No SLO of voiceover burns');
  });

  test('a known service without SLOs, and one that burns without speaking for the incident', async () => {
    const world = noSloWorld();
    world.catalog = { ...world.catalog!, slos: world.catalog!.slos.filter(({ service }) => service !== 'voiceover') };
    expect((await visit(page, world)).text).toContain('No SLO is declared for voiceover. So there is no figure');
    const burning = { ...noSloWorld(), histories: burningWorld().histories };
    expect((await visit(page, burning)).text).toContain('voiceover availability burns at a page tier.');
  });

  test('a known service whose SLOs do not burn', async () => {
    const { text } = await visit(page, noSloWorld());
    expect(text).toContain('No SLO of voiceover burns at a page tier.');
    expect(text).toMatch(
      /likeliest first 4 s ago Nothing of ours explains this: no SLO burns, so no change can be weighed against first errors\. What fails/,
    );
    expect(text).toContain('Open runbook Get help');
  });

  test('several services burn as one incident', async () => {
    const { text } = await visit(page, stormWorld());
    expect(text).toMatch(/Burns in the same incident studio api-availability studio-api ▲ 1[78]/);
  });

  test('an unknown precondition asks for a sentence and a tick', async () => {
    const { text, html } = await visit(page, doubtfulWorld());
    expect(text).toContain('unknown: the burn is not known: no data for 9 min');
    expect(html).toMatch(/name="reason"[^>]*required|required[^>]*name="reason"/);
    expect(html).toContain('name="acknowledged"');
  });

  test('a contradicted receipt is said as such', async () => {
    const world = actingWorld();
    world.runs[0]!.steps[1]!.evidence = openReceipt(world.now - 120_000, { end: 'contradicted' });
    const { text } = await visit(page, world);
    expect(text).toContain('contradicted: somebody still evaluates the old value');
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
