import { describe, expect, test } from 'vitest';
import type { Run } from '#app/domain/run/run.ts';
import { visit } from '../support/pages/visit.ts';
import { history, now, type World } from '../support/pages/world.ts';
import { actingWorld, strangerWorld, verifiedWorld } from '../support/pages/worlds.ts';

const sleep = async (world: World) =>
  /May I sleep\? (.*?[.]) Steps /.exec((await visit('/runs/run-1', world)).text)?.[1];

/** The kill has succeeded and the page still counts down. */
function endedWorld(more: Partial<Run> = {}): World {
  const world = actingWorld();
  const run = world.runs[0]!;
  run.steps[0]!.state = 'succeeded';
  run.steps[1]!.state = 'succeeded';
  for (const step of run.steps.slice(2)) Object.assign(step, { state: 'skipped' });
  Object.assign(run, { state: 'done', endedAt: now, ...more });
  return world;
}

describe('may I sleep, at the end of a run', () => {
  test('when it clears, what pages again, and what is left behind until when', async () => {
    expect(await sleep(endedWorld())).toMatch(
      /^voiceover availability clears at about 03:\d\d if the change holds\. Pages again if both the last hour and the last 5 min burn at 14\.4× or more\. Left behind: voiceover-v2 is off in production, due Sun 29 Nov 03:26\.$/,
    );
  });

  test('an open run answers once its steps are all over, and not before', async () => {
    expect(await sleep(endedWorld({ state: 'open', endedAt: null }))).toContain('clears at about');
    expect((await visit('/runs/run-1', actingWorld())).text).not.toContain('May I sleep?');
  });

  test('the page has cleared', async () => {
    expect(await sleep(verifiedWorld())).toMatch(/^The page has cleared\. Pages again if /);
  });

  test('when it burns again, it does not say sleep well', async () => {
    const world = verifiedWorld();
    const spell = { from: now - 12 * 60_000, to: now, ratio: 0.03 };
    world.histories['voiceover-availability'] = history('voiceover-availability', [spell]);
    expect(await sleep(world)).toMatch(/^Not so sure: the page had cleared, and voiceover availability burns /);
  });

  test('while another SLO of its incident pages, it is named by its title', async () => {
    const world = endedWorld();
    const alert = { tier: 'page-fast', peakTier: 'page-fast', openedAt: now, incidentId: 'inc-1' } as const;
    world.alerts = {
      'inc-1': [
        { ...alert, id: 'a', slo: 'voiceover-availability', service: 'voiceover', clearedAt: now },
        { ...alert, id: 'b', slo: 'studio-api-availability', service: 'studio-api', clearedAt: null },
      ],
    };
    expect(await sleep(world)).toMatch(
      /^Not yet: voiceover availability has cleared, studio api-availability still pages\./,
    );
  });

  test('a run without an incident says what it left behind and when it is due', async () => {
    const world = endedWorld({ incidentId: null });
    expect(await sleep(world)).toBe(
      'What this run changed stands. No incident stands behind it. Left behind: voiceover-v2 is off in production, due Sun 29 Nov 03:26.',
    );
    world.followUps[0]!.dueAt = null;
    expect(await sleep(world)).toMatch(/Left behind: voiceover-v2 is off in production, with no due date\.$/);
    world.followUps = [];
    expect(await sleep(world)).toMatch(/Nothing is left behind\.$/);
  });

  test('a change that was undone promises nothing of the page', async () => {
    const world = endedWorld();
    world.runs[0]!.steps[1]!.state = 'undone';
    expect(await sleep(world)).toMatch(/^What this run changed was undone\. Its incident is still open\./);
  });

  test('a run that changed nothing says so, and one whose effect nobody saw says that', async () => {
    const world = endedWorld();
    const kill = world.runs[0]!.steps[1]!;
    Object.assign(kill, { state: 'skipped', effectAt: null });
    world.followUps = [];
    expect(await sleep(world)).toMatch(
      /^A change of this run was confirmed, and no effect of it was seen\. Its incident/,
    );
    kill.confirmedAt = null;
    expect(await sleep(world)).toBe('This run changed no service. Its incident is still open. Nothing is left behind.');
  });

  test('a ticket pages nobody, and an incident without an SLO is told as such', async () => {
    const ticket = endedWorld();
    ticket.incidents[0]!.level = 'ticket';
    expect(await sleep(ticket)).toMatch(/^What this run changed stands\. Its incident is a ticket and pages nobody\./);
    const stranger = { ...endedWorld(), incidents: strangerWorld().incidents };
    expect(await sleep(stranger)).toMatch(/Its incident is still open, and no SLO here says when it ends\./);
  });
});
