import { describe, expect, test } from 'vitest';
import { blind } from '../support/pages/blind.ts';
import { openReceipt } from '../support/pages/runs.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, now } from '../support/pages/world.ts';
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

describe('the incident page in its other states', () => {
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
